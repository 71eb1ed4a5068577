import { crc32 } from 'node:zlib';
import type { StampNumbers } from './stat.ts';

export interface DigestRecord {
  readonly path: string;
  readonly numbers: StampNumbers;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

const magic = Buffer.from('digests2');
const checksumLength = 4;
/** Before the path of a record: its length, the digest, the stamp. */
const headLength = 4 + 32 + 32;

/**
 * Digests of files sorted by the bytes of their paths, as they lie in a file: of a hundred thousand nothing needs to be
 * made to find one.
 */
export class DigestRecords {
  /** Head, records, checksum. */
  readonly bytes: Buffer;
  readonly #starts: Uint32Array;
  /** Where the last one was found: trees are read in nearly the same order. */
  #last = -1;

  private constructor(bytes: Buffer, starts: Uint32Array) {
    this.bytes = bytes;
    this.#starts = starts;
  }

  static empty(): DigestRecords {
    return new DigestRecords(
      withChecksum(Buffer.concat([magic, Buffer.alloc(checksumLength)])),
      new Uint32Array(0),
    );
  }

  /** Undefined where the bytes are not those of records, or not all of them. */
  static parse(bytes: Buffer): DigestRecords | undefined {
    const end = bytes.length - checksumLength;
    if (end < magic.length || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
    if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32LE(end)) return undefined;
    let count = 0;
    for (let at = magic.length; at < end; at += headLength + bytes.readUInt32LE(at)) count += 1;
    const starts = new Uint32Array(count);
    for (let at = magic.length, number = 0; number < count; number += 1) {
      starts[number] = at;
      at += headLength + bytes.readUInt32LE(at);
    }
    return new DigestRecords(bytes, starts);
  }

  /** The digest of a path, if it is known for this very stamp. */
  digest(path: string, numbers: StampNumbers): string | undefined {
    const at = this.#find(bytesOf(path));
    if (at === undefined) return undefined;
    const digestStart = this.#starts[at] + 4;
    const stampStart = digestStart + 32;
    if (bytesOfNumbers(numbers).compare(this.bytes, stampStart, stampStart + 32) !== 0) return undefined;
    return this.bytes.toString('hex', digestStart, stampStart);
  }

  /** These and others; of two of one path, the other one. */
  with(others: Iterable<DigestRecord>): DigestRecords {
    const added = [...others]
      .map((record) => ({ record, path: Buffer.from(record.path) }))
      .sort((a, b) => a.path.compare(b.path));
    const room = added.reduce((sum, { path }) => sum + headLength + path.length, this.bytes.length);
    const bytes = Buffer.allocUnsafeSlow(room);
    const starts = new Uint32Array(this.#starts.length + added.length);
    let count = 0;
    let end = magic.copy(bytes);
    let own = 0;
    const copyUntil = (path: Buffer | undefined): void => {
      for (; own < this.#starts.length; own += 1) {
        const order = path === undefined ? -1 : this.#compare(own, path);
        if (order > 0) return;
        if (order === 0) continue;
        starts[count++] = end;
        end += this.bytes.copy(bytes, end, this.#starts[own], this.#endOf(own));
      }
    };
    for (const { record, path } of added) {
      copyUntil(path);
      starts[count++] = end;
      bytes.writeUInt32LE(path.length, end);
      bytes.write(record.digest, end + 4, 'hex');
      bytesOfNumbers(record.numbers).copy(bytes, end + 36);
      end += headLength + path.copy(bytes, end + headLength);
    }
    copyUntil(undefined);
    return new DigestRecords(
      withChecksum(bytes.subarray(0, end + checksumLength)),
      starts.subarray(0, count),
    );
  }

  #find(path: Buffer): number | undefined {
    const next = this.#last + 1;
    if (next < this.#starts.length && this.#compare(next, path) === 0) return (this.#last = next);
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compare(middle, path);
      if (order === 0) return (this.#last = middle);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  /** Less than 0 where the record's path comes before the one given. */
  #compare(at: number, path: Buffer): number {
    return -path.compare(this.bytes, this.#starts[at] + headLength, this.#endOf(at));
  }

  #endOf(at: number): number {
    return this.#starts[at] + headLength + this.bytes.readUInt32LE(this.#starts[at]);
  }
}

let scratch = Buffer.alloc(1024);

/** The path in UTF-8, until the next call. */
function bytesOf(path: string): Buffer {
  if (3 * path.length > scratch.length) scratch = Buffer.alloc(3 * path.length);
  return scratch.subarray(0, scratch.write(path));
}

/** As they lie in memory: the file serves this machine alone. */
function bytesOfNumbers(numbers: StampNumbers): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function withChecksum(bytes: Buffer): Buffer {
  const end = bytes.length - checksumLength;
  bytes.writeUInt32LE(crc32(bytes.subarray(0, end)), end);
  return bytes;
}
