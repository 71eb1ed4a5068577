import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { relative } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { FileDigests } from '../../../runner/fingerprint/file-digests.ts';
import { filesOfDep } from '../../../runner/fingerprint/named-files.ts';
import { changedSince, readTree, type Tree } from '../../../runner/fingerprint/tree.ts';
import { until } from '../../support/until.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();
const at = (name: string): string => folder.file(name);

beforeEach(() => {
  mkdirSync(at('data/sub'), { recursive: true });
  for (const name of ['data/a.csv', 'data/b.txt', 'data/sub/c.csv', 'v1', 'v2']) writeFileSync(at(name), 'x');
  symlinkSync('../v1', at('data/link'));
});

async function treeOf(dep: string): Promise<Tree> {
  const named = filesOfDep(dep, at('.'));
  return readTree(dep, named.path, new FileDigests(at('digests')), { choice: named.choice });
}

/** Two changes within one tick of the clock would leave one stamp. */
async function nextTick(): Promise<void> {
  const before = statSync(at('v1'), { bigint: true }).ctimeNs;
  await until(() => {
    writeFileSync(at('tick'), '');
    return statSync(at('tick'), { bigint: true }).ctimeNs > before;
  });
}

const edits: readonly (readonly [string, () => void, readonly string[]])[] = [
  [
    'a file added',
    () => {
      writeFileSync(at('data/sub/new'), '');
    },
    ['data/sub', 'data/sub/new'],
  ],
  [
    'a file added and removed again',
    () => {
      writeFileSync(at('data/new'), '');
      rmSync(at('data/new'));
    },
    ['data'],
  ],
  [
    'a file removed',
    () => {
      unlinkSync(at('data/a.csv'));
    },
    ['data', 'data/a.csv'],
  ],
  [
    'a file renamed',
    () => {
      renameSync(at('data/a.csv'), at('data/z'));
    },
    ['data', 'data/a.csv', 'data/z'],
  ],
  [
    'a mode changed',
    () => {
      chmodSync(at('data/a.csv'), 0o755);
    },
    ['data/a.csv'],
  ],
  [
    'content changed',
    () => {
      writeFileSync(at('data/a.csv'), 'y');
    },
    ['data/a.csv'],
  ],
  [
    'content written again, with its old time',
    () => {
      const { atime, mtime } = statSync(at('data/a.csv'));
      writeFileSync(at('data/a.csv'), readFileSync(at('data/a.csv')));
      utimesSync(at('data/a.csv'), atime, mtime);
    },
    ['data/a.csv'],
  ],
  [
    'a link that leads elsewhere',
    () => {
      unlinkSync(at('data/link'));
      symlinkSync('../v2', at('data/link'));
    },
    ['data', 'data/link'],
  ],
  [
    'a folder added',
    () => {
      mkdirSync(at('data/empty'));
    },
    ['data', 'data/empty'],
  ],
  [
    'a folder in place of a file',
    () => {
      unlinkSync(at('data/a.csv'));
      mkdirSync(at('data/a.csv'));
    },
    ['data', 'data/a.csv'],
  ],
  [
    'all removed',
    () => {
      rmSync(at('data'), { recursive: true });
    },
    ['data', 'data/a.csv', 'data/b.txt', 'data/link', 'data/sub', 'data/sub/c.csv'],
  ],
  [
    'what can no longer be read',
    () => {
      symlinkSync('nowhere', at('data/sub/dangling'));
    },
    ['data', 'data/sub'],
  ],
];

describe('what changed since a tree was read', () => {
  it.each(edits)('%s', async (_what, edit, expected) => {
    const tree = await treeOf('data');
    expect(changedSince(tree)).toEqual([]);
    await nextTick();
    edit();
    const changed = changedSince(tree).map((path) => relative(at('.'), path));
    expect([...new Set(changed)].sort()).toEqual(expected);
  });

  it('is of a pattern what it chooses, and what it would choose now', async () => {
    const tree = await treeOf('data/**/*.csv');
    expect(Array.from(tree.files, ({ name }) => name)).toEqual(['a.csv', 'sub/c.csv']);
    await nextTick();
    writeFileSync(at('data/b.txt'), 'another');
    writeFileSync(at('data/new.txt'), '');
    expect(changedSince(tree)).toEqual([]);
    writeFileSync(at('data/b.csv'), '');
    expect(changedSince(tree)).toEqual([at('data/b.csv')]);
  });

  it('is something that was not there and is now', async () => {
    const tree = await treeOf('nothing');
    expect([tree.exists, tree.digest, changedSince(tree)]).toEqual([false, 'missing', []]);
    mkdirSync(at('nothing'));
    expect(changedSince(tree)).toEqual([at('nothing')]);
  });
});
