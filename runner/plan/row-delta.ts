import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../cache/durable.ts';
import type { FileList } from '../fingerprint/file-list.ts';
import { bytesOfName, nameOfBytes, onDisk, shownName } from '../fingerprint/file-names.ts';
import { sha256 } from '../fingerprint/hash.ts';
import type { Tree } from '../fingerprint/tree.ts';
import { delimited } from '../packed/delimited.ts';
import { DigestIndex } from '../packed/digest-index.ts';
import { PackedDigests } from '../packed/digests.ts';
import { printableName } from '../printable.ts';

/** How the rows that go into a stage differ from those of its last artifact. Names are files or ids of rows. */
export interface RowDelta {
  readonly noun: 'file' | 'row';
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** How many rows the stage will not compute again; undefined where all will be, since what it does has changed. */
  readonly reused: number | undefined;
}

/** `1 file added (c.wav), 2 files changed (a.wav, b.wav), 1438 rows reused`. */
export function deltaSentence({ noun, added, changed, removed, reused }: RowDelta): string {
  const parts = [
    countOf(noun, added, 'added'),
    countOf(noun, changed, 'changed'),
    countOf(noun, removed, 'removed'),
    ...(reused === undefined ? [] : [`${reused} ${reused === 1 ? 'row' : 'rows'} reused`]),
  ];
  return parts.filter((part) => part !== '').join(', ');
}

const named = 3;

function countOf(noun: string, names: readonly string[], verb: string): string {
  if (names.length === 0) return '';
  const shown = names
    .slice(0, named)
    .map((name) => printableName(shownName(name)))
    .join(', ');
  const more = names.length > named ? ', …' : '';
  return `${names.length} ${noun}${names.length === 1 ? '' : 's'} ${verb} (${shown}${more})`;
}

/** Something named, such as a file or a row, by the digest of what it holds. */
export interface Named {
  readonly name: string;
  readonly digest: string;
}

/** What differs between two lists without repeated names. Each is gone through once or twice and not kept. */
export function difference(
  before: Iterable<Named>,
  after: Iterable<Named>,
): Pick<RowDelta, 'added' | 'changed' | 'removed'> & { readonly same: number } {
  const names = new DigestIndex();
  const digests = new PackedDigests();
  for (const { name, digest } of before) {
    names.add(sha256(onDisk(name)));
    digests.add(digest);
  }
  const still = new Uint8Array(names.size);
  const added: string[] = [];
  const changed: string[] = [];
  let same = 0;
  for (const { name, digest } of after) {
    const number = names.numberOf(sha256(onDisk(name)));
    if (number === undefined) {
      added.push(name);
      continue;
    }
    still[number] = 1;
    if (digests.get(number) === digest) same += 1;
    else changed.push(name);
  }
  const removed: string[] = [];
  if (still.includes(0)) {
    let number = 0;
    for (const { name } of before) if (still[number++] === 0) removed.push(name);
  }
  return { added, changed, removed, same };
}

/** Keeps which files a tree had, by its digest, so that a later run can name what has changed. */
export class TreeListings {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async save({ digest, files }: Tree): Promise<void> {
    await writeDurably(join(this.#folder, digest), linesOf(files));
  }

  /** Every listing kept. */
  files(): { readonly digest: string; readonly path: string; readonly size: number }[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder).map((digest) => {
      const path = join(this.#folder, digest);
      return { digest, path, size: statSync(path).size };
    });
  }

  /** The files of a tree; undefined for one that no run has kept. */
  read(digest: string): Iterable<Named> | undefined {
    const path = join(this.#folder, digest);
    return existsSync(path) ? { [Symbol.iterator]: () => filesOf(path) } : undefined;
  }
}

const filesPerPortion = 1000;

function* linesOf(files: FileList): Generator<Buffer> {
  let lines: string[] = [];
  for (let at = 0; at < files.length; at += 1) {
    // A name may hold any byte but the last.
    lines.push(`${files.digest(at)} ${files.name(at)}\0`);
    if (lines.length < filesPerPortion) continue;
    yield bytesOfName(lines.join(''));
    lines = [];
  }
  yield bytesOfName(lines.join(''));
}

function* filesOf(listing: string): Generator<Named> {
  for (const bytes of delimited(listing, 0)) {
    yield { digest: bytes.toString('latin1', 0, 64), name: nameOfBytes(bytes.subarray(65)) };
  }
}
