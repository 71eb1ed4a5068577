import { createHash } from 'node:crypto';
import { opendirSync, realpathSync, statSync } from 'node:fs';
import { join, posix, resolve, sep } from 'node:path';
import pLimit from 'p-limit';
import { StageFailure } from '../kind/index.ts';
import { keepHeapSmallFor } from '../packed/small-heap.ts';
import type { FileDigests } from './file-digests.ts';
import { FileList } from './file-list.ts';
import { bytesOfNumbers, numbersOfPath, sameNumbers, type StampNumbers } from './stat.ts';

/** Promises of files waiting to be hashed: of a whole corpus they would take more memory than what they wait for. */
const filesUnderWay = 512;

/** The state of a file or folder outside the pipeline. */
export interface Tree {
  /** As the params name it. */
  readonly root: string;
  readonly exists: boolean;
  /** Sorted by name. */
  readonly files: FileList;
  /** SHA-256 over the names and digests of all files; `missing` where nothing is there. */
  readonly digest: string;
}

/**
 * Reads a tree: hidden files are left out, links are followed, names are sorted. Rejects with a StageFailure where
 * something is no file that can be read.
 *
 * @param onUnknown called before files are read whose digests are not known: they are new, or have changed.
 */
export async function readTree(
  root: string,
  path: string,
  digests: FileDigests,
  onUnknown?: () => void,
): Promise<Tree> {
  const absolute = resolve(path);
  const files = FileList.below(absolute, digests.spill);
  const numbers = numbersOfPath(absolute);
  if (numbers === undefined) return { root, exists: false, files, digest: 'missing' };
  const found = statSync(absolute).isDirectory()
    ? walk(absolute, '', new Set(), root)
    : [{ name: '', path: absolute, numbers }];
  const limit = pLimit(8);
  const hash = createHash('sha256');
  let heapIsSmall = false;
  for (const portion of portions(found, filesUnderWay)) {
    // Where all are known, nothing is waited for.
    const known = portion.map((file) => digests.known(file.path, file.numbers));
    const allKnown = known.every((digest) => digest !== undefined);
    if (!allKnown) onUnknown?.();
    const all = allKnown
      ? known
      : await Promise.all(
          portion.map((file, at) =>
            known[at] === undefined
              ? limit(() => digests.digest(file.path, file.numbers))
              : Promise.resolve(known[at]),
          ),
        );
    for (const [at, file] of portion.entries()) {
      const digest = all[at];
      files.add({ ...file, digest });
      // A name may hold any byte but the last: without it, one file's name could look like two files.
      hash.update(`${digest} ${file.name}\0`);
    }
    if (!heapIsSmall) heapIsSmall = keepHeapSmallFor(files.length);
  }
  return { root, exists: true, files, digest: hash.digest('hex') };
}

/** The files of a tree that are no longer as they were when it was read. */
export function changedSince({ files }: Tree): readonly string[] {
  const changed: string[] = [];
  for (let at = 0; at < files.length; at += 1) {
    const path = files.path(at);
    const now = numbersOfPath(path);
    if (now === undefined || !sameNumbers(now, files.numbers(at))) changed.push(path);
  }
  return changed;
}

/** A digest of the states of all files of a tree, by names and stamps: of two readings it tells whether anything was touched between them. */
export function stampsOf({ files }: Tree): string {
  const hash = createHash('sha256');
  for (let at = 0; at < files.length; at += 1) {
    hash.update(`${files.name(at)}\0`).update(bytesOfNumbers(files.numbers(at)));
  }
  return hash.digest('hex');
}

interface Found {
  readonly name: string;
  readonly path: string;
  readonly numbers: StampNumbers;
}

/** The files below a folder, in the order of their names as a whole. */
function* walk(
  folder: string,
  prefix: string,
  ancestors: ReadonlySet<string>,
  root: string,
): Generator<Found> {
  const real = realpathSync(folder);
  // A link to a folder above itself would never end.
  if (ancestors.has(real)) return;
  const inside = new Set(ancestors).add(real);
  for (const entry of entriesOf(folder, prefix, root)) {
    const isFolder = entry.endsWith('/');
    const name = isFolder ? entry.slice(0, -1) : entry;
    const path = `${folder}${sep}${name}`;
    if (isFolder) {
      yield* walk(path, `${prefix}${entry}`, inside, root);
      continue;
    }
    const numbers = numbersOfPath(path);
    if (numbers !== undefined) yield { name: `${prefix}${name}`, path, numbers };
  }
}

/**
 * What lies in a folder, folders with a slash at their end: sorted so, whatever is in `a/` comes where its whole name
 * belongs, after `a.txt`.
 */
function entriesOf(folder: string, prefix: string, root: string): string[] {
  const entries: string[] = [];
  const directory = opendirSync(folder, { bufferSize: 256 });
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      if (entry.name.startsWith('.')) continue;
      const stats = entry.isSymbolicLink()
        ? statSync(join(folder, entry.name), { throwIfNoEntry: false })
        : entry;
      const place = (): string => posix.join(root, `${prefix}${entry.name}`);
      if (stats === undefined) {
        const hint = 'Bring back what it leads to, or remove it.';
        throw new StageFailure('it is a link that leads nowhere', { place: place(), hint });
      }
      // Reading a pipe would wait for ever.
      if (!stats.isDirectory() && !stats.isFile()) {
        const hint = 'Remove it, or let the stage read another folder.';
        throw new StageFailure('it is neither a file nor a folder', { place: place(), hint });
      }
      entries.push(stats.isDirectory() ? `${entry.name}/` : entry.name);
    }
  } finally {
    directory.closeSync();
  }
  return entries.sort();
}

function* portions<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let portion: Item[] = [];
  for (const item of items) {
    portion.push(item);
    if (portion.length < size) continue;
    yield portion;
    portion = [];
  }
  yield portion;
}
