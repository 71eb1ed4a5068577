import { describe, expect, it } from '@jest/globals';
import {
  agoText,
  bytesText,
  counted,
  durationText,
  elapsedText,
  numberText,
} from '../../../runner/ui/model/words.ts';

describe('quantities in words', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [3400, '3.4 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min 00 s'],
    [125_000, '2 min 05 s'],
    [4_320_000, '1 h 12 min'],
  ])('%d ms lasts %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });

  it('counts whole seconds while something goes on', () => {
    expect([-5, 900, 59_999, 60_900].map(elapsedText)).toEqual(['0 s', '0 s', '59 s', '1 min 00 s']);
  });

  it('tells how long ago something was', () => {
    expect([0, 300_000, 7_200_000, 200_000_000].map(agoText)).toEqual([
      'just now',
      '5 min ago',
      '2 h ago',
      '2 days ago',
    ]);
  });

  it('gives sizes in units of a thousand', () => {
    expect([416, 26_300, 999_960, 74_000_000, 3e15].map(bytesText)).toEqual([
      '416 B',
      '26.3 kB',
      '1.0 MB',
      '74.0 MB',
      '3000.0 TB',
    ]);
  });

  it('gives numbers in the digits that tell them apart', () => {
    expect([0, 1440, -3, 0.515625, -349.93, 1.234e-7, 12_345_678.9, NaN].map(numberText)).toEqual([
      '0',
      '1,440',
      '−3',
      '0.5156',
      '−349.9',
      '1.234e-7',
      '1.235e+7',
      'NaN',
    ]);
    expect([counted(1, 'stage'), counted(1200, 'stage')]).toEqual(['1 stage', '1,200 stages']);
  });
});
