import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hashFile } from './hash.ts';
import { sameStamp, type Stamp, stampPath } from './stat.ts';

/** Younger than this when hashed, a file could still change without changing its stamp: clocks of file systems tick. */
const racyMilliseconds = 100;

const linesInPortion = 1000;

/**
 * The digests of files, remembered by their stamps (size, modification and change time, inode), so that a run in which
 * nothing changed only stats its files.
 */
export class FileDigests {
  readonly #file: string;
  readonly #table: Map<string, { readonly stamp: Stamp; readonly digest: string }>;
  #changed = false;

  constructor(file: string) {
    this.#file = file;
    this.#table = readTable(file);
  }

  /** The digest of a file whose stamp is known. The stamp must have been taken before this call. */
  async digest(path: string, stamp: Stamp): Promise<string> {
    const known = this.#table.get(path);
    if (known !== undefined && sameStamp(known.stamp, stamp)) return known.digest;
    // Judged before reading: a write after the reading, in the same tick, leaves the stamp as it is.
    const racy = Date.now() - Number(BigInt(stamp.changed) / 1_000_000n) < racyMilliseconds;
    const digest = await hashFile(path);
    if (!racy && sameStamp(stamp, stampPath(path))) {
      this.#table.set(path, { stamp, digest });
      this.#changed = true;
    }
    return digest;
  }

  /** The remembered digest, or undefined where the file must be read for it. */
  known(path: string, stamp: Stamp): string | undefined {
    const known = this.#table.get(path);
    return known !== undefined && sameStamp(known.stamp, stamp) ? known.digest : undefined;
  }

  /** The folders of all files it remembers. */
  folders(): string[] {
    return [...new Set([...this.#table.keys()].map((path) => dirname(path)))];
  }

  async save(): Promise<void> {
    if (!this.#changed) return;
    const temporary = `${this.#file}.${process.pid}`;
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(temporary, this.#portions());
    await rename(temporary, this.#file);
    this.#changed = false;
  }

  /** The text of the table, some lines at a time. */
  *#portions(): Generator<string> {
    let lines: string[] = [];
    for (const [path, { stamp, digest }] of this.#table) {
      // A path may hold any byte but the last.
      lines.push(`${digest} ${stamp.size} ${stamp.modified} ${stamp.changed} ${stamp.inode} ${path}\0`);
      if (lines.length < linesInPortion) continue;
      yield lines.join('');
      lines = [];
    }
    yield lines.join('');
  }
}

function readTable(file: string): Map<string, { stamp: Stamp; digest: string }> {
  const table = new Map<string, { stamp: Stamp; digest: string }>();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return table;
  }
  for (const line of text.split('\0')) {
    const match = /^([0-9a-f]{64}) (\d+) (\d+) (\d+) (\d+) (.+)$/s.exec(line);
    if (match === null) continue;
    const [, digest, size, modified, changed, inode, path] = match as unknown as string[];
    table.set(path, {
      stamp: { size: Number(size), modified: modified, changed: changed, inode: inode },
      digest: digest,
    });
  }
  return table;
}
