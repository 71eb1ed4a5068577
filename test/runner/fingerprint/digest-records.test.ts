import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DigestRecord, DigestRecords } from '../../../runner/fingerprint/digest-records.ts';
import { sameNumbers } from '../../../runner/fingerprint/stat.ts';

const path = fc.oneof(
  fc.constantFrom('/a', '/a/b', '/a.b', '/a b', '/é', '/𝄞', '/\uffee'),
  fc.string({ unit: 'grapheme' }),
);
/** A file may be older than 1970, and an inode's number takes all bits. */
const numbers = fc
  .array(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), { minLength: 4, maxLength: 4 })
  .map((values) => BigInt64Array.from(values));
const record: fc.Arbitrary<DigestRecord> = fc.record({
  path,
  numbers,
  digest: fc.string().map((text) => createHash('sha256').update(text).digest('hex')),
});
const records = fc.uniqueArray(record, { selector: ({ path: key }) => key });

describe('DigestRecords', () => {
  it('hold what a Map by path would, in memory and read back', () => {
    fc.assert(
      fc.property(fc.array(records, { maxLength: 4 }), fc.array(record), (portions, asked) => {
        const model = new Map<string, DigestRecord>();
        let held = DigestRecords.empty();
        for (const portion of portions) {
          for (const each of portion) model.set(each.path, each);
          held = held.with(portion);
        }
        const readBack = DigestRecords.parse(Buffer.from(held.bytes))!;
        for (const each of [...model.values(), ...asked, ...model.values()]) {
          const known = model.get(each.path);
          const same = known !== undefined && sameNumbers(known.numbers, each.numbers);
          const expected = same ? known?.digest : undefined;
          expect(held.digest(each.path, each.numbers)).toBe(expected);
          expect(readBack.digest(each.path, each.numbers)).toBe(expected);
        }
      }),
    );
  });

  it('are not believed where a byte has changed or the end is missing', () => {
    const digest = createHash('sha256').update('x').digest('hex');
    const one = { path: '/x', numbers: BigInt64Array.of(1n, 2n, 3n, 4n), digest };
    const { bytes } = DigestRecords.empty().with([one]);
    expect(DigestRecords.parse(bytes)?.digest('/x', one.numbers)).toBe(digest);
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1;
      expect(DigestRecords.parse(damaged)).toBeUndefined();
      expect(DigestRecords.parse(bytes.subarray(0, at))).toBeUndefined();
    }
  });
});
