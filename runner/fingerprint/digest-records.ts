import { closeSync, openSync, readSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { Records } from '../packed/records.ts';
import { bytesOfName, writeName } from './file-names.ts';
import { bytesOfNumbers, type StampNumbers } from './stat.ts';

export interface DigestRecord {
  readonly path: string;
  readonly numbers: StampNumbers;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

/** A file begins with it, and with the checksum of all that follows. */
const magic = Buffer.from('digests3');
const headBytes = magic.length + 4;

/** In a record: the digest, the stamp, the path. */
const stampStart = 32;
const pathStart = stampStart + 32;

/** Digests of files sorted by the bytes of their paths, each path once. A million take little more memory than one. */
export class DigestRecords {
  readonly #records: Records;
  /** Where the next one will be found: trees are read in nearly the same order. */
  #next = 0;

  private constructor(records: Records) {
    this.#records = records;
  }

  /** What `storeDigests` wrote; undefined where the file holds something else, or not all of it. */
  static open(path: string): DigestRecords | undefined {
    const head = headOf(path);
    if (head?.subarray(0, magic.length).equals(magic) !== true) return undefined;
    let checksum = 0;
    const records = Records.open(path, headBytes, (bytes) => {
      checksum = crc32(bytes, checksum);
    });
    const whole = records !== undefined && checksum === head.readUInt32LE(magic.length);
    return whole ? new DigestRecords(records) : undefined;
  }

  /** @param spill a folder for what does not fit into memory. */
  static empty(spill: string): DigestRecords {
    return new DigestRecords(new Records(spill));
  }

  get length(): number {
    return this.#records.length;
  }

  /** Adds records of different paths, in any order. False, and none is added, where one comes before what is there. */
  append(found: Iterable<DigestRecord>): boolean {
    const sorted = [...found]
      .map(({ path, numbers, digest }) => ({ path: bytesOfName(path), numbers, digest }))
      .sort((a, b) => a.path.compare(b.path));
    if (sorted.length > 0 && this.length > 0 && this.#compare(this.length - 1, sorted[0].path) >= 0)
      return false;
    for (const { path, numbers, digest } of sorted) {
      this.#records.add(pathStart + path.length, (bytes) => {
        bytes.write(digest, 'hex');
        bytesOfNumbers(numbers).copy(bytes, stampStart);
        return pathStart + path.copy(bytes, pathStart);
      });
    }
    return true;
  }

  /** All records of some lists; of records of one path, that of the last list. */
  static merge(lists: readonly DigestRecords[], spill: string): DigestRecords {
    const merged = DigestRecords.empty(spill);
    const places = lists.map(() => 0);
    for (;;) {
      let first: Buffer | undefined;
      let from = 0;
      for (const [number, list] of lists.entries()) {
        if (places[number] === list.length) continue;
        const path = list.#records.get(places[number]).subarray(pathStart);
        const order = first === undefined ? -1 : path.compare(first);
        if (order > 0) continue;
        // The same path in a list before: what that one says is passed over.
        if (order === 0) places[from] += 1;
        first = path;
        from = number;
      }
      if (first === undefined) return merged;
      const record = lists[from].#records.get(places[from]);
      merged.#records.add(record.length, (bytes) => record.copy(bytes));
      places[from] += 1;
    }
  }

  /** The digest of a path, if it is known for this very stamp. */
  digest(path: string, numbers: StampNumbers): string | undefined {
    const at = this.#find(bytesOf(path));
    if (at === undefined) return undefined;
    const record = this.#records.get(at);
    if (bytesOfNumbers(numbers).compare(record, stampStart, pathStart) !== 0) return undefined;
    return record.toString('hex', 0, stampStart);
  }

  /** Writes a file that `open` takes. */
  async store(path: string): Promise<void> {
    let checksum = 0;
    for (const chunk of this.#records.chunks()) checksum = crc32(chunk, checksum);
    const head = Buffer.alloc(headBytes);
    magic.copy(head);
    head.writeUInt32LE(checksum, magic.length);
    await writeFile(path, withHead(head, this.#records.chunks()));
  }

  #find(path: Buffer): number | undefined {
    const next = this.#next;
    const order = next < this.length ? this.#compare(next, path) : 1;
    if (order === 0) {
      this.#next = next + 1;
      return next;
    }
    // Between two neighbours there is nothing to look for.
    if (order > 0 && (next === 0 || this.#compare(next - 1, path) < 0)) return undefined;
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const there = this.#compare(middle, path);
      if (there === 0) {
        this.#next = middle + 1;
        return middle;
      }
      if (there < 0) low = middle + 1;
      else high = middle;
    }
    this.#next = low;
    return undefined;
  }

  /** Less than 0 where the record's path comes before the one given. */
  #compare(at: number, path: Buffer): number {
    const record = this.#records.get(at);
    return -path.compare(record, pathStart);
  }
}

function* withHead(head: Buffer, chunks: Iterable<Buffer>): Generator<Buffer> {
  yield head;
  yield* chunks;
}

/** The beginning of a file, if it is long enough. */
function headOf(path: string): Buffer | undefined {
  const head = Buffer.alloc(headBytes);
  const file = openSync(path, 'r');
  try {
    return readSync(file, head) === headBytes ? head : undefined;
  } finally {
    closeSync(file);
  }
}

let scratch = Buffer.alloc(1024);

/** The bytes of a path, until the next call. */
function bytesOf(path: string): Buffer {
  if (3 * path.length > scratch.length) scratch = Buffer.alloc(3 * path.length);
  return scratch.subarray(0, writeName(path, scratch, 0));
}
