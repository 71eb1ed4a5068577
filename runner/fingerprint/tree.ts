import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import pLimit from 'p-limit';
import { keepHeapSmallFor } from '../packed/small-heap.ts';
import type { FileDigests } from './file-digests.ts';
import { FileList } from './file-list.ts';
import { onDisk, shownName } from './file-names.ts';
import { bytesOfNumbers, sameNumbers, type StampNumbers } from './stat.ts';
import { type Choice, type Found, type OwnFiles, walk } from './walk.ts';

/** Promises of files waiting to be hashed: of a whole corpus they would take more memory than what they wait for. */
const filesUnderWay = 512;

/** The state of files and folders outside the pipeline: all below one path, or what of it a pattern chooses. */
export interface Tree {
  /** As the params or deps name it. */
  readonly root: string;
  readonly exists: boolean;
  /** Sorted by name. */
  readonly files: FileList;
  /** Its folders, each with its stamp and no digest. */
  readonly folders: FileList;
  /** SHA-256 over all names, executable bits and contents; `missing` where nothing is there. */
  readonly digest: string;
  /** What is there now, in the same order. */
  readonly again: () => Iterable<Found>;
}

export interface TreeOptions {
  /** What the runner itself writes, which no tree holds. */
  readonly own?: OwnFiles | undefined;
  /** What of the folder is wanted; left out, all. */
  readonly choice?: Choice | undefined;
  /** Called before files are read whose digests are not known: they are new, or have changed. */
  readonly onUnknown?: (() => void) | undefined;
}

/**
 * Reads a tree. Hidden files count, links are followed. Rejects with a StageFailure where something cannot be read.
 *
 * @param path a file or a folder; with a `choice`, the folder that it chooses from.
 */
export async function readTree(
  root: string,
  path: string,
  digests: FileDigests,
  { own, choice, onUnknown }: TreeOptions = {},
): Promise<Tree> {
  const absolute = resolve(path);
  const again = (): Iterable<Found> => walk(absolute, { root, own, choice });
  const files = FileList.below(absolute, digests.spill);
  const folders = FileList.below(absolute, digests.spill);
  const limit = pLimit(8);
  const hash = createHash('sha256');
  let heapIsSmall = false;
  for (const portion of portions(again(), filesUnderWay)) {
    // Where all are known, nothing is waited for.
    const known = portion.map((found) => knownDigest(found, digests));
    const allKnown = known.every((digest) => digest !== undefined);
    if (!allKnown) onUnknown?.();
    const all = allKnown
      ? known
      : await Promise.all(
          portion.map((found, at) =>
            known[at] === undefined
              ? limit(() => digests.digest(found.path, found.numbers))
              : Promise.resolve(known[at]),
          ),
        );
    const lines: string[] = [];
    for (const [at, found] of portion.entries()) {
      const digest = all[at];
      const { name, path: place, numbers } = found;
      (found.type === 'file' ? files : folders).add({ name, path: place, numbers, digest });
      lines.push(lineOf(found, digest));
    }
    hash.update(onDisk(lines.join('')));
    if (!heapIsSmall) heapIsSmall = keepHeapSmallFor(files.length);
  }
  const exists = files.length + folders.length > 0;
  return { root, exists, files, folders, digest: exists ? hash.digest('hex') : 'missing', again };
}

/** Folders have none. */
function knownDigest({ type, path, numbers }: Found, digests: FileDigests): string | undefined {
  return type === 'file' ? digests.known(path, numbers) : '';
}

/** A name may hold any byte but the last: without it, one file's name could look like two files. */
function lineOf({ type, name, executable, leadsTo }: Found, digest: string): string {
  switch (type) {
    case 'file':
      return `file ${digest} ${executable} ${name}\0`;
    case 'folder':
      return `folder ${name}\0`;
    case 'circle':
      return `circle ${name}\0${leadsTo!}\0`;
  }
}

/** What of a tree is no longer as it was when it was read: paths of what came, went, or is another. */
export function changedSince({ files, folders, again }: Tree): readonly string[] {
  const changed: string[] = [];
  const sides = {
    files: new Comparison(files, (name) => name, changed),
    // As they are sorted: whatever lies in a folder comes where its whole name belongs.
    folders: new Comparison(folders, (name) => `${name}/`, changed),
  };
  try {
    for (const found of again()) sides[found.type === 'file' ? 'files' : 'folders'].next(found);
  } catch {
    // What is there now cannot be read at all, which it could.
    changed.push(folders.length > 0 ? folders.path(0) : files.path(0));
    return changed.map(shownName);
  }
  for (const side of Object.values(sides)) side.end();
  return changed.map(shownName);
}

/** A digest of the states of a whole tree, by names and stamps: of two readings it tells whether anything was touched between them. */
export function stampsOf({ files, folders }: Tree): string {
  const hash = createHash('sha256');
  for (const list of [files, folders]) {
    for (let at = 0; at < list.length; at += 1) {
      hash.update(onDisk(`${list.name(at)}\0`)).update(bytesOfNumbers(list.numbers(at)));
    }
  }
  return hash.digest('hex');
}

/** Goes through a list beside what is found now. */
class Comparison {
  readonly #list: FileList;
  readonly #sortedBy: (name: string) => string;
  readonly #changed: string[];
  #at = 0;

  constructor(list: FileList, sortedBy: (name: string) => string, changed: string[]) {
    this.#list = list;
    this.#sortedBy = sortedBy;
    this.#changed = changed;
  }

  next({ name, path, numbers }: { name: string; path: string; numbers: StampNumbers }): void {
    const sortedBy = this.#sortedBy;
    const place = sortedBy(name);
    while (this.#at < this.#list.length && sortedBy(this.#list.name(this.#at)) < place) this.#pass();
    if (this.#at === this.#list.length || this.#list.name(this.#at) !== name) {
      this.#changed.push(path);
      return;
    }
    if (!sameNumbers(this.#list.numbers(this.#at), numbers)) this.#changed.push(path);
    this.#at += 1;
  }

  end(): void {
    while (this.#at < this.#list.length) this.#pass();
  }

  /** It is there no more. */
  #pass(): void {
    this.#changed.push(this.#list.path(this.#at));
    this.#at += 1;
  }
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
