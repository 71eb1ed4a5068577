import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hashFile } from './hash.ts';
import { sameStamp, type Stamp, stampPath } from './stat.ts';

/** Younger than this when hashed, a file could still change without changing its stamp: clocks of file systems tick. */
const racyMilliseconds = 100;

const linesInPortion = 1000;

const digestLength = 64;

/**
 * The digests of files, remembered by their stamps (size, modification and change time, inode), so that a run in which
 * nothing changed only stats its files.
 */
export class FileDigests {
  readonly #file: string;
  /** By path, a digest and a stamp as the one text they are written as: there may be a hundred thousand. */
  readonly #table: Map<string, string>;
  #changed = false;

  constructor(file: string) {
    this.#file = file;
    this.#table = readTable(file);
  }

  /** The digest of a file whose stamp is known. The stamp must have been taken before this call. */
  async digest(path: string, stamp: Stamp): Promise<string> {
    const known = this.known(path, stamp);
    if (known !== undefined) return known;
    // Judged before reading: a write after the reading, in the same tick, leaves the stamp as it is.
    const racy = Date.now() - Number(BigInt(stamp.changed) / 1_000_000n) < racyMilliseconds;
    const digest = await hashFile(path);
    if (!racy && sameStamp(stamp, stampPath(path))) {
      this.#table.set(path, `${digest} ${textOf(stamp)}`);
      this.#changed = true;
    }
    return digest;
  }

  /** The remembered digest, or undefined where the file must be read for it. */
  known(path: string, stamp: Stamp): string | undefined {
    const known = this.#table.get(path);
    return known?.slice(digestLength + 1) === textOf(stamp) ? known.slice(0, digestLength) : undefined;
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
    for (const [path, known] of this.#table) {
      // A path may hold any byte but the last.
      lines.push(`${known} ${path}\0`);
      if (lines.length < linesInPortion) continue;
      yield lines.join('');
      lines = [];
    }
    yield lines.join('');
  }
}

function textOf({ size, modified, changed, inode }: Stamp): string {
  return `${size} ${modified} ${changed} ${inode}`;
}

function readTable(file: string): Map<string, string> {
  const table = new Map<string, string>();
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return table;
  }
  const line = /([0-9a-f]{64}(?: \d+){4}) ([^\0]+)\0/y;
  for (let match = line.exec(text); match !== null; match = line.exec(text)) table.set(match[2], match[1]);
  return table;
}
