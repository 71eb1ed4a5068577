import { expect, it } from '@jest/globals';
import { parseDuration, parseMemory } from '../../../runner/config/quantities.ts';
import { lowerFirst, nearest, suggestion } from '../../../runner/config/suggest.ts';

it.each([
  ['2GB', 2e9],
  ['2 GB', 2e9],
  ['1.5GiB', 1.5 * 2 ** 30],
  ['512MiB', 512 * 2 ** 20],
  ['300kB', 300_000],
  ['1TB', 1e12],
  ['100B', 100],
  [4096, 4096],
  ['0GB', undefined],
  ['2gb', undefined],
  ['2 apples', undefined],
  ['GB', undefined],
  ['-1GB', undefined],
  [-1, undefined],
  ['', undefined],
  ['1e3', undefined],
])('memory of %j is %p bytes', (text, bytes) => {
  expect(parseMemory(text)).toBe(bytes);
});

it.each([
  ['30m', 1800],
  ['1h30m', 5400],
  ['1h 30m', 5400],
  ['90s', 90],
  ['250ms', 0.25],
  ['1.5h', 5400],
  ['2d', 172_800],
  [45, 45],
  ['45', 45],
  ['0', undefined],
  ['0s', undefined],
  ['5x', undefined],
  ['m', undefined],
  ['1h-30m', undefined],
  ['', undefined],
])('a duration of %j is %p seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

it.each([
  ['mfc', 'mfcc'],
  ['MFCC', 'mfcc'],
  ['coefs', 'coefficients'],
  ['coef', 'coefficients'],
  ['trian', 'train'],
  ['x', undefined],
  ['something', undefined],
  ['', undefined],
])('the nearest to %j is %p', (name, expected) => {
  expect(nearest(name, ['mfcc', 'coefficients', 'train', 'evaluate'])).toBe(expected);
});

it('suggests the nearest, else what there is', () => {
  expect(suggestion('mfc', ['mfcc', 'chroma'], 'stages')).toBe('did you mean mfcc?');
  expect(suggestion('other', ['mfcc', 'chroma'], 'stages')).toBe('stages: mfcc, chroma');
  expect(suggestion('other', [], 'stages')).toBe('there are no stages');
  const many = Array.from({ length: 13 }, (_, i) => `s${i + 1}`);
  expect(suggestion('other', many, 'stages')).toBe(
    'stages: s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, … (13 in all)',
  );
});

it('writes a sentence as part of another', () => {
  expect(lowerFirst('Tabs are not allowed')).toBe('tabs are not allowed');
  expect(lowerFirst('')).toBe('');
});
