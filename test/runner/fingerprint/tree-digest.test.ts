import { rmSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FileDigests } from '../../../runner/fingerprint/file-digests.ts';
import { changedSince, readTree } from '../../../runner/fingerprint/tree.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';
import { arbitraryFolder, described, type Folder, make } from './arbitrary-tree.ts';

const folder = useTemporaryFolder();
let made = 0;

function place(tree: Folder, reversed = false): string {
  made += 1;
  const path = folder.file(`tree-${made}`);
  make(path, tree, reversed);
  return path;
}

function clear(): void {
  for (; made > 0; made -= 1)
    for (const end of ['', '-ends'])
      rmSync(folder.file(`tree-${made}${end}`), { recursive: true, force: true });
}

const digestOf = async (path: string): Promise<string> =>
  (await readTree('data', path, new FileDigests(folder.file('digests')))).digest;

describe("a tree's digest", () => {
  it('is that of another tree only if names, contents, executable bits and empty folders are the same', async () => {
    const digests = new Map<string, string>();
    const trees = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(arbitraryFolder, async (tree) => {
        const digest = await digestOf(place(tree));
        const text = described(tree);
        expect(digests.get(text) ?? digest).toBe(digest);
        expect(trees.get(digest) ?? text).toBe(text);
        digests.set(text, digest);
        trees.set(digest, text);
        clear();
      }),
      { numRuns: 200 },
    );
    expect(digests.size).toBeGreaterThan(50);
  });

  it('does not depend on where it lies, on the order in which it was made, or on how often it is read', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFolder, async (tree) => {
        const [one, other] = [place(tree), place(tree, true)];
        const digests = new FileDigests(folder.file('digests'));
        const first = await readTree('data', one, digests);
        expect((await readTree('data', one, digests)).digest).toBe(first.digest);
        expect(await digestOf(other)).toBe(first.digest);
        expect(changedSince(first)).toEqual([]);
        clear();
      }),
      { numRuns: 50 },
    );
  });
});
