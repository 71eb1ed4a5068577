import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DigestRecord, DigestRecords } from './digest-records.ts';
import { hashFile } from './hash.ts';
import { numbersOfPath, sameNumbers, type StampNumbers } from './stat.ts';

/** Younger than this when hashed, a file could still change without changing its stamp: clocks of file systems tick. */
const racyMilliseconds = 100;

/** So many new digests are kept by themselves before they are sorted in among the others. */
const newRecords = 4096;

/**
 * The digests of files, remembered by their stamps (size, modification and change time, inode), so that a run in which
 * nothing changed only stats its files.
 */
export class FileDigests {
  readonly #file: string;
  #read: DigestRecords | undefined;
  readonly #new = new Map<string, DigestRecord>();
  #changed = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** Read when first asked for: not all that opens a workspace asks for digests. */
  get #records(): DigestRecords {
    this.#read ??= readRecords(this.#file);
    return this.#read;
  }

  /** The digest of a file whose stamp is known. The stamp must have been taken before this call. */
  async digest(path: string, numbers: StampNumbers): Promise<string> {
    const known = this.known(path, numbers);
    if (known !== undefined) return known;
    // Judged before reading: a write after the reading, in the same tick, leaves the stamp as it is.
    const racy = Date.now() - Number(numbers[2] / 1_000_000n) < racyMilliseconds;
    const digest = await hashFile(path);
    const now = numbersOfPath(path);
    if (!racy && now !== undefined && sameNumbers(numbers, now)) {
      this.#new.set(path, { path, numbers, digest });
      this.#changed = true;
      if (this.#new.size === newRecords) this.#sortIn();
    }
    return digest;
  }

  /** The remembered digest, or undefined where the file must be read for it. */
  known(path: string, numbers: StampNumbers): string | undefined {
    const fresh = this.#new.get(path);
    if (fresh !== undefined) return sameNumbers(fresh.numbers, numbers) ? fresh.digest : undefined;
    return this.#records.digest(path, numbers);
  }

  async save(): Promise<void> {
    if (!this.#changed) return;
    this.#sortIn();
    const temporary = `${this.#file}.${process.pid}`;
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(temporary, this.#records.bytes);
    await rename(temporary, this.#file);
    this.#changed = false;
  }

  #sortIn(): void {
    this.#read = this.#records.with(this.#new.values());
    this.#new.clear();
  }
}

function readRecords(file: string): DigestRecords {
  try {
    return DigestRecords.parse(readFileSync(file)) ?? DigestRecords.empty();
  } catch {
    // Absent or unreadable: files are read again.
    return DigestRecords.empty();
  }
}
