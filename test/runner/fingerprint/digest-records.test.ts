import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DigestRecord, DigestRecords } from '../../../runner/fingerprint/digest-records.ts';

const path = fc.oneof(
  fc.constantFrom('/a', '/a/b', '/a.b', '/a b', '/é', '/𝄞', '/\uffee'),
  fc.string({ unit: 'grapheme' }),
);
const stamp = fc.record({
  size: fc.nat(),
  // A file may be older than 1970.
  modified: fc.bigInt(-(2n ** 62n), 2n ** 62n).map(String),
  changed: fc.bigInt(0n, 2n ** 62n).map(String),
  inode: fc.bigInt(0n, 2n ** 64n - 1n).map(String),
});
const record: fc.Arbitrary<DigestRecord> = fc.record({
  path,
  stamp,
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
          const same = JSON.stringify(known?.stamp) === JSON.stringify(each.stamp);
          const expected = same ? known?.digest : undefined;
          expect(held.digest(each.path, each.stamp)).toBe(expected);
          expect(readBack.digest(each.path, each.stamp)).toBe(expected);
        }
      }),
    );
  });

  it('are not believed where a byte has changed or the end is missing', () => {
    const digest = createHash('sha256').update('x').digest('hex');
    const one = { path: '/x', stamp: { size: 1, modified: '2', changed: '3', inode: '4' }, digest };
    const { bytes } = DigestRecords.empty().with([one]);
    expect(DigestRecords.parse(bytes)?.digest('/x', one.stamp)).toBe(digest);
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1;
      expect(DigestRecords.parse(damaged)).toBeUndefined();
      expect(DigestRecords.parse(bytes.subarray(0, at))).toBeUndefined();
    }
  });
});
