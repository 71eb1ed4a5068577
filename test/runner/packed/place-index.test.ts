import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PlaceIndex } from '../../../runner/packed/place-index.ts';

describe('PlaceIndex', () => {
  it('finds places as a Map would, the last one set for each text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '/'), maxLength: 4 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 200 }), fc.array(text), (texts, asked) => {
        const index = new PlaceIndex(texts.length, (place) => texts[place]);
        const model = new Map<string, number>();
        for (const [place, each] of texts.entries()) {
          index.set(each, place);
          model.set(each, place);
        }
        expect(index.size).toBe(model.size);
        for (const each of [...texts, ...asked]) expect(index.find(each)).toBe(model.get(each));
      }),
    );
  });

  it('keeps the first place of a text where it is asked to', () => {
    const texts = ['a', 'b', 'a'];
    const index = new PlaceIndex(3, (place) => texts[place]);
    expect(texts.map((each, place) => index.add(each, place))).toEqual([0, 1, 0]);
    expect(index.size).toBe(2);
  });

  it('tells texts of one hash apart', () => {
    // Found by trying: FNV-1a of 32 bits gives both the same.
    const texts = ['costarring', 'liquid'];
    const index = new PlaceIndex(2, (place) => texts[place]);
    index.set(texts[0], 0);
    expect(index.find(texts[1])).toBeUndefined();
    index.set(texts[1], 1);
    expect(texts.map((each) => index.find(each))).toEqual([0, 1]);
  });
});
