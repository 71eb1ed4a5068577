import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FileList } from '../../../runner/fingerprint/file-list.ts';
import { numbersOf } from '../../../runner/fingerprint/stat.ts';

const file = fc.record({
  name: fc.stringMatching(/^[a-zé][a-z. ]{0,5}(\/[a-z]{1,3})?$/),
  stamp: fc.record({
    size: fc.nat(),
    modified: fc.bigInt(-(2n ** 62n), 2n ** 62n).map(String),
    changed: fc.bigInt(0n, 2n ** 62n).map(String),
    inode: fc.bigInt(0n, 2n ** 64n - 1n).map(String),
  }),
  digest: fc.string().map((text) => createHash('sha256').update(text).digest('hex')),
});

describe('FileList', () => {
  it('gives back the files it was given, here and in another process', () => {
    fc.assert(
      fc.property(fc.array(file), (files) => {
        const below = FileList.below('/data');
        const anywhere = FileList.anywhere();
        const given = files.map((each) => ({ ...each, path: join('/data', each.name) }));
        for (const each of given) {
          const found = { ...each, numbers: numbersOf(each.stamp) };
          below.add(found);
          anywhere.add({ ...found, path: `/elsewhere/${each.digest}` });
        }
        for (const list of [below, FileList.fromBytes(structuredClone(below.asBytes()))]) {
          expect([...list]).toEqual(given);
          expect(given.map((_, at) => list.size(at))).toEqual(given.map(({ stamp }) => stamp.size));
        }
        const elsewhere = FileList.fromBytes(structuredClone(anywhere.asBytes()));
        expect(Array.from(elsewhere, ({ path }) => path)).toEqual(
          files.map(({ digest }) => `/elsewhere/${digest}`),
        );
      }),
    );
  });
});
