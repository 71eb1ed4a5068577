import { createHash } from 'node:crypto';
import { statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FileList } from '../../../runner/fingerprint/file-list.ts';
import { numbersOf } from '../../../runner/fingerprint/stat.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

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

const folder = useTemporaryFolder();

describe('FileList', () => {
  it('gives back the files it was given, here and in another process', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file), async (files) => {
        const below = FileList.below('/data', folder.file('spill'));
        const anywhere = FileList.anywhere(folder.file('spill'));
        const given = files.map((each) => ({ ...each, path: join('/data', each.name) }));
        for (const each of given) {
          const found = { ...each, numbers: numbersOf(each.stamp) };
          below.add(found);
          anywhere.add({ ...found, path: `/elsewhere/${each.digest}` });
        }
        for (const list of [below, FileList.open(await below.store(folder.file('below')))]) {
          expect([...list]).toEqual(given);
          expect(given.map((_, at) => list.size(at))).toEqual(given.map(({ stamp }) => stamp.size));
        }
        const elsewhere = FileList.open(await anywhere.store(folder.file('anywhere')));
        expect(Array.from(elsewhere, ({ path }) => path)).toEqual(
          files.map(({ digest }) => `/elsewhere/${digest}`),
        );
      }),
    );
  });

  it('is not read where its file was cut', async () => {
    const list = FileList.below('/data', folder.file('spill'));
    const digest = '0'.repeat(64);
    list.add({ name: 'a', path: '/data/a', numbers: BigInt64Array.of(1n, 2n, 3n, 4n), digest });
    const stored = await list.store(folder.file('list'));
    truncateSync(stored.list, statSync(stored.list).size - 1);
    expect(() => FileList.open(stored)).toThrow(`${stored.list} is not whole`);
  });
});
