import { createHash } from 'node:crypto';
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import pLimit from 'p-limit';
import { StageFailure } from '../kind/index.ts';
import type { FileDigests } from './file-digests.ts';
import { sameStamp, type Stamp, stampPath } from './stat.ts';

/** Promises of files waiting to be hashed: of a whole corpus they would take more memory than what they wait for. */
const filesUnderWay = 512;

export interface TreeFile {
  /** Relative to the tree's root, with forward slashes; empty where the root itself is a file. */
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
  readonly stamp: Stamp;
  readonly digest: string;
}

/** The state of a file or folder outside the pipeline. */
export interface Tree {
  /** As the params name it. */
  readonly root: string;
  readonly exists: boolean;
  readonly files: readonly TreeFile[];
  /** SHA-256 over the names and digests of all files; `missing` where nothing is there. */
  readonly digest: string;
}

/**
 * Reads a tree: hidden files are left out, links are followed, names are sorted. Rejects with a StageFailure where
 * something is no file that can be read.
 */
export async function readTree(root: string, absolute: string, digests: FileDigests): Promise<Tree> {
  const found: { name: string; path: string; stamp: Stamp }[] = [];
  const stamp = stampPath(absolute);
  if (stamp === undefined) return { root, exists: false, files: [], digest: 'missing' };
  if (statSync(absolute).isDirectory()) walk(absolute, '', new Set(), found, root);
  else found.push({ name: '', path: absolute, stamp });
  found.sort((a, b) => (a.name < b.name ? -1 : 1));

  const limit = pLimit(8);
  const files: TreeFile[] = [];
  const hash = createHash('sha256');
  for (let start = 0; start < found.length; start += filesUnderWay) {
    const portion = await Promise.all(
      found.slice(start, start + filesUnderWay).map(async ({ name, path, stamp: at }) => {
        const digest = digests.known(path, at) ?? (await limit(() => digests.digest(path, at)));
        return { name, path, stamp: at, digest };
      }),
    );
    for (const file of portion) {
      files.push(file);
      // A name may hold any byte but the last: without it, one file's name could look like two files.
      hash.update(`${file.digest} ${file.name}\0`);
    }
  }
  return { root, exists: true, files, digest: hash.digest('hex') };
}

/** The files of a tree that are no longer as they were when it was read. */
export function changedSince(tree: Tree): readonly string[] {
  return tree.files.filter((file) => !sameStamp(file.stamp, stampPath(file.path))).map((file) => file.path);
}

function walk(
  folder: string,
  prefix: string,
  ancestors: ReadonlySet<string>,
  found: { name: string; path: string; stamp: Stamp }[],
  root: string,
): void {
  const real = realpathSync(folder);
  // A link to a folder above itself would never end.
  if (ancestors.has(real)) return;
  const inside = new Set(ancestors).add(real);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    const stats = entry.isSymbolicLink() ? statSync(path, { throwIfNoEntry: false }) : entry;
    if (stats === undefined) {
      const hint = 'Bring back what it leads to, or remove it.';
      throw new StageFailure('it is a link that leads nowhere', { place: posix.join(root, name), hint });
    }
    if (stats.isDirectory()) {
      walk(path, name, inside, found, root);
      continue;
    }
    // Reading a pipe would wait for ever.
    if (!stats.isFile()) {
      const hint = 'Remove it, or let the stage read another folder.';
      throw new StageFailure('it is neither a file nor a folder', { place: posix.join(root, name), hint });
    }
    const stamp = stampPath(path);
    if (stamp !== undefined) found.push({ name, path, stamp });
  }
}
