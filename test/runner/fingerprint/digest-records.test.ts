import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type DigestRecord, DigestRecords } from '../../../runner/fingerprint/digest-records.ts';
import { sameNumbers } from '../../../runner/fingerprint/stat.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

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

const folder = useTemporaryFolder();

/** A list of one portion. */
function listOf(portion: readonly DigestRecord[]): DigestRecords {
  const list = DigestRecords.empty(folder.file('spill'));
  expect(list.append(portion)).toBe(true);
  return list;
}

describe('DigestRecords', () => {
  it('hold what a Map by path would, in several lists, merged and read back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(records, { maxLength: 4 }), fc.array(record), async (portions, asked) => {
        const model = new Map<string, DigestRecord>();
        for (const portion of portions) for (const each of portion) model.set(each.path, each);
        const merged = DigestRecords.merge(portions.map(listOf), folder.file('spill'));
        expect(merged.length).toBe(model.size);
        await merged.store(folder.file('digests'));
        const readBack = DigestRecords.open(folder.file('digests'))!;
        for (const each of [...model.values(), ...asked, ...model.values()]) {
          const known = model.get(each.path);
          const same = known !== undefined && sameNumbers(known.numbers, each.numbers);
          const expected = same ? known?.digest : undefined;
          expect(merged.digest(each.path, each.numbers)).toBe(expected);
          expect(readBack.digest(each.path, each.numbers)).toBe(expected);
        }
      }),
    );
  });

  it('take more at their end, and refuse all of what would not be sorted', () => {
    const of = (path: string): DigestRecord => ({
      path,
      numbers: BigInt64Array.of(1n, 2n, 3n, 4n),
      digest: createHash('sha256').update(path).digest('hex'),
    });
    const list = listOf([of('/b'), of('/a')]);
    expect(list.append([of('/d'), of('/c')])).toBe(true);
    expect(list.append([of('/e'), of('/d')])).toBe(false);
    expect(list.append([])).toBe(true);
    expect(list.length).toBe(4);
    for (const path of ['/a', '/b', '/c', '/d']) {
      expect(list.digest(path, of(path).numbers)).toBe(of(path).digest);
    }
    expect(list.digest('/e', of('/e').numbers)).toBeUndefined();
  });

  it('are not believed where a byte has changed or the end is missing', async () => {
    const digest = createHash('sha256').update('x').digest('hex');
    const one = { path: '/x', numbers: BigInt64Array.of(1n, 2n, 3n, 4n), digest };
    const path = folder.file('digests');
    const read = (bytes: Uint8Array): DigestRecords | undefined => {
      writeFileSync(path, bytes);
      return DigestRecords.open(path);
    };
    await listOf([one]).store(path);
    const bytes = readFileSync(path);
    expect(read(bytes)?.digest('/x', one.numbers)).toBe(digest);
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1;
      expect(read(damaged)).toBeUndefined();
      expect(read(bytes.subarray(0, at))).toBeUndefined();
    }
  });
});
