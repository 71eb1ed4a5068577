import { createHash } from 'node:crypto';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { FileDigests } from '../../../runner/fingerprint/file-digests.ts';
import { numbersOf } from '../../../runner/fingerprint/stat.ts';
import { readTree } from '../../../runner/fingerprint/tree.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();
/** More than are hashed in one portion, and more than are saved in one. */
const count = 1100;

describe('a tree of many files', () => {
  it('is read whole, in order, and remembered whole', async () => {
    const root = folder.file('data');
    mkdirSync(root);
    const names = Array.from({ length: count }, (_, index) => `${String(index).padStart(5, '0')}.txt`);
    for (const name of names.toReversed()) {
      writeFileSync(join(root, name), `content of ${name}`);
      utimesSync(join(root, name), 1, 1);
    }
    // Files as young as these could still change unseen, and are not remembered.
    await setTimeout(200);
    const digests = new FileDigests(folder.file('digests'));
    const tree = await readTree('data', root, digests);
    const expected = names.map((name) => createHash('sha256').update(`content of ${name}`).digest('hex'));
    expect(Array.from(tree.files, ({ name }) => name)).toEqual(names);
    expect(Array.from(tree.files, ({ digest }) => digest)).toEqual(expected);
    const lines = names.map((name, index) => `file ${expected[index]} 0 ${name}\0`);
    expect(tree.digest).toBe(
      createHash('sha256')
        .update(['folder \0', ...lines].join(''))
        .digest('hex'),
    );
    await digests.save();
    const again = new FileDigests(folder.file('digests'));
    expect(Array.from(tree.files, ({ path, stamp }) => again.known(path, numbersOf(stamp)))).toEqual(
      expected,
    );
  });
});

describe('a tree with folders', () => {
  it('is in the order of whole names, whatever stands before and after the slash', async () => {
    const names = ['a b', 'a-b/x', 'a.txt', 'a/b.c/d', 'a/b/c', 'a0', 'é/z', 'b/a'];
    for (const name of names) {
      mkdirSync(dirname(folder.file(`data/${name}`)), { recursive: true });
      writeFileSync(folder.file(`data/${name}`), '');
    }
    const tree = await readTree('data', folder.file('data'), new FileDigests(folder.file('digests')));
    expect(Array.from(tree.files, ({ name }) => name)).toEqual(names.toSorted());
  });

  it('may be one file', async () => {
    writeFileSync(folder.file('one.txt'), 'one');
    const tree = await readTree('one.txt', folder.file('one.txt'), new FileDigests(folder.file('digests')));
    expect(Array.from(tree.files, ({ name, path }) => [name, path])).toEqual([['', folder.file('one.txt')]]);
  });
});
