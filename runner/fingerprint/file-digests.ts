import { mkdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DigestRecord, DigestRecords } from './digest-records.ts';
import { hashFile } from './hash.ts';
import { numbersOfPath, sameNumbers, type StampNumbers } from './stat.ts';

/** Younger than this when hashed, a file could still change without changing its stamp: clocks of file systems tick. */
const racyMilliseconds = 100;

/** So many new digests are kept by themselves before they are put among the others. */
const newRecords = 1024;

/**
 * The digests of files, remembered by their stamps (size, modification and change time, inode), so that a run in which
 * nothing changed only stats its files.
 */
export class FileDigests {
  /** A folder for lists that do not fit into memory. */
  readonly spill: string;
  readonly #file: string;
  /** The newest last; undefined until first asked for: not all that opens a workspace asks for digests. */
  #lists: DigestRecords[] | undefined;
  readonly #new = new Map<string, DigestRecord>();
  #underWay = 0;
  #changed = false;
  #saving: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
    this.spill = join(dirname(file), 'tmp');
  }

  /** The digest of a file whose stamp is known. The stamp must have been taken before this call. */
  async digest(path: string, numbers: StampNumbers): Promise<string> {
    const known = this.known(path, numbers);
    if (known !== undefined) return known;
    this.#underWay += 1;
    try {
      // Judged before reading: a write after the reading, in the same tick, leaves the stamp as it is.
      const racy = Date.now() - Number(numbers[2] / 1_000_000n) < racyMilliseconds;
      const digest = await hashFile(path);
      const now = numbersOfPath(path);
      if (!racy && now !== undefined && sameNumbers(numbers, now)) {
        this.#new.set(path, { path, numbers, digest });
        this.#changed = true;
      }
      return digest;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** The remembered digest, or undefined where the file must be read for it. */
  known(path: string, numbers: StampNumbers): string | undefined {
    // While several are read, they come in no order, and a list of them could not be added to.
    if (this.#new.size >= newRecords && this.#underWay === 0) this.#putAway();
    const fresh = this.#new.get(path);
    if (fresh !== undefined) return sameNumbers(fresh.numbers, numbers) ? fresh.digest : undefined;
    const lists = this.#all();
    for (let at = lists.length - 1; at >= 0; at -= 1) {
      const digest = lists[at].digest(path, numbers);
      if (digest !== undefined) return digest;
    }
    return undefined;
  }

  /** One after the other, where it is called again meanwhile. */
  save(): Promise<void> {
    const saving = this.#saving.then(() => this.#save());
    this.#saving = saving.catch(() => undefined);
    return saving;
  }

  async #save(): Promise<void> {
    if (!this.#changed) return;
    this.#putAway();
    const merged = DigestRecords.merge(this.#all(), this.spill);
    // Before anything is waited for: what becomes known meanwhile comes on top, and is saved next time.
    this.#lists = [merged];
    this.#changed = false;
    const temporary = `${this.#file}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      await merged.store(temporary);
      await rename(temporary, this.#file);
    } catch (error) {
      this.#changed = true;
      throw error;
    }
  }

  #all(): DigestRecords[] {
    this.#lists ??= [readRecords(this.#file, this.spill)];
    return this.#lists;
  }

  #putAway(): void {
    const lists = this.#all();
    // What was read from the file or is being written to it stays as it is.
    if (lists.length === 1 || !lists.at(-1)!.append(this.#new.values())) {
      const list = DigestRecords.empty(this.spill);
      list.append(this.#new.values());
      lists.push(list);
    }
    this.#new.clear();
  }
}

function readRecords(file: string, spill: string): DigestRecords {
  try {
    return DigestRecords.open(file) ?? DigestRecords.empty(spill);
  } catch {
    // Absent or unreadable: files are read again.
    return DigestRecords.empty(spill);
  }
}
