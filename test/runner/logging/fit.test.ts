import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { columnsOf, cut, fitted } from '../../../runner/logging/fit.ts';

describe('a text cut to columns', () => {
  it('counts wide characters as two, and marks that combine as none', () => {
    expect(cut('感情認識', 5)).toBe('感情…');
    expect(cut('感情認識', 8)).toBe('感情認識');
    expect(cut('e\u0301tude', 3)).toBe('e\u0301t…');
    expect(cut('👩‍👩‍👧 family', 4)).toBe('👩‍👩‍👧…');
  });

  it('is never wider than asked for, and whole where it fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.nat(40), (text, width) => {
        const short = cut(text, width);
        expect(columnsOf(short)).toBeLessThanOrEqual(Math.max(width, columnsOf(text) <= width ? width : 0));
        if (columnsOf(text) <= width) expect(short).toBe(text);
      }),
    );
  });
});

describe('parts fitted into a line', () => {
  const parts = [
    { text: 'mfcc' },
    { text: '━━━━', yields: 2 },
    { text: '12/90' },
    { text: '3 s left', yields: 1 },
  ];

  it('give way one after the other', () => {
    expect(fitted(parts, 40)).toBe('mfcc  ━━━━  12/90  3 s left');
    expect(fitted(parts, 26)).toBe('mfcc  12/90  3 s left');
    expect(fitted(parts, 20)).toBe('mfcc  12/90');
    expect(fitted(parts, 10)).toBe('mfcc');
    expect(fitted(parts, 3)).toBe('mf…');
  });

  it('never take more columns than there are', () => {
    const segments = fc.array(fc.record({ text: fc.string({ maxLength: 12 }), yields: fc.nat(4) }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(segments, fc.integer({ min: 1, max: 60 }), (given, width) => {
        expect(columnsOf(fitted([{ text: 'name' }, ...given], width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
