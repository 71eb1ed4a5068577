import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DigestIndex } from '../../../runner/packed/digest-index.ts';
import { PackedDigests } from '../../../runner/packed/digests.ts';

const digest = fc
  .integer({ min: 0, max: 40 })
  .map((value) => createHash('sha256').update(String(value)).digest('hex'));
/** Digests that meet in one slot. */
const crowded = fc.integer({ min: 0, max: 40 }).map((value) => value.toString(16).padStart(64, '0'));

describe('packed lists', () => {
  it('give back the digests they were given', () => {
    fc.assert(
      fc.property(fc.array(digest), (all) => {
        const digests = new PackedDigests();
        for (const each of all) digests.add(each);
        expect(all.map((_, at) => digests.get(at))).toEqual(all);
        expect(digests.length).toBe(all.length);
      }),
    );
  });

  it('refuse what is no digest', () => {
    expect(() => {
      new PackedDigests().add('abc');
    }).toThrow('this is no digest: abc');
  });

  it.each([
    ['spread', digest],
    ['crowded', crowded],
  ])('number digests as a Map would: %s', (_, digests) => {
    fc.assert(
      fc.property(fc.array(digests, { maxLength: 100 }), fc.array(digests), (added, asked) => {
        const index = new DigestIndex();
        const model = new Map<string, number>();
        for (const each of added) {
          if (!model.has(each)) model.set(each, model.size);
          expect(index.add(each)).toBe(model.get(each));
        }
        expect(index.size).toBe(model.size);
        for (const each of [...added, ...asked]) {
          expect(index.numberOf(each)).toBe(model.get(each));
          expect(index.has(each)).toBe(model.has(each));
        }
      }),
    );
  });
});
