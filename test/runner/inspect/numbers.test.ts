import { describe, expect, it } from '@jest/globals';
import { formatBytes, formatNumber, formatNumbers } from '../../../runner/inspect/format/numbers.ts';

describe('numbers in the terminal', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [48_000, '48000'],
    [-12.3456, '-12.35'],
    [1234567, '1235000'],
    [0.000012346, '0.00001235'],
    [1.5e-9, '1.5e-9'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('%d is %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [99_940, '99.9 kB'],
    [123_456_789, '123 MB'],
    [999_600, '1.0 MB'],
    [2e15, '2000 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('in a list are all there where they fit, and else the first and the last', () => {
    const values = Array.from({ length: 100 }, (_, index) => index);
    expect(formatNumbers([1, 2.5, 3], 40)).toBe('[1, 2.5, 3]');
    expect(formatNumbers(values, 40)).toBe('[0, 1, 2, 3, 4, 5, … 92 more …, 98, 99]');
    expect(formatNumbers(values, 500)).toBe(`[${values.join(', ')}]`);
    expect(formatNumbers(values, 5)).toBe('[0, … 99 more]');
    for (const width of [20, 21, 30, 50, 77])
      expect(formatNumbers(values, width).length).toBeLessThanOrEqual(width);
  });
});
