import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAllSync } from './write-all.ts';

/** Bytes of a block: what is read at once to get at one of its records. */
const blockBytes = 1 << 15;
/** Blocks that wait in memory before a file takes them: a list of a thousand records makes none. */
const blocksWaiting = 8;
/** Blocks of a file that are kept once read: records are asked for nearly in their order, from few places at once. */
const blocksKept = 4;
/** Before each record stands its length. */
const headBytes = 4;

/** Records that stand together. */
interface Block {
  readonly bytes: Buffer;
  /** Where each record begins, and where the last one ends. */
  readonly starts: Uint32Array;
}

/** Closes the files of lists that nobody refers to any more. */
const closing = new FinalizationRegistry<number>(closeSync);

/**
 * A list of records of bytes that is only added to. Beyond some hundred kB it lies in a file that has no name and goes
 * with this process, so that a list of a million takes little more memory than one of a thousand.
 */
export class Records {
  readonly #folder: string;
  #file: number | undefined;
  /** Of each block that is full, its number of records and those before it; where it begins in the file. */
  readonly #ends: number[] = [];
  readonly #offsets: number[] = [0];
  /** By number, the one asked for last at the end. */
  readonly #blocks = new Map<number, Block>();
  /** How many blocks the file holds; those after them are in memory. */
  #stored = 0;
  /** The last block, which is being filled; undefined of a list that is complete. */
  #filling = Buffer.alloc(0);
  #filled = 0;
  #filledBlock: Block | undefined;
  #length = 0;
  /** The block of the record asked for last, and the number of its first record. */
  #current: { readonly block: Block; readonly first: number } | undefined;

  /** @param folder where the file goes, if it comes to one; it is made then. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The records of a file as `chunks` gives them; the file must stay as it is. Undefined where these are no whole
   * records.
   *
   * @param start where they begin in it.
   * @param onBytes is given all of their bytes in order.
   */
  static open(path: string, start = 0, onBytes?: (bytes: Buffer) => void): Records | undefined {
    const records = new Records('');
    const file = openSync(path, 'r');
    closing.register(records, file);
    records.#file = file;
    records.#offsets[0] = start;
    for (let offset = start, end = fstatSync(file).size; offset < end;) {
      const block = blockAt(file, offset, end);
      if (block === undefined) return undefined;
      onBytes?.(block.bytes);
      offset += block.bytes.length;
      records.#length += block.starts.length - 1;
      records.#ends.push(records.#length);
      records.#offsets.push(offset);
      records.#stored += 1;
    }
    return records;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a record of at most `room` bytes: `write` puts it at the beginning of the buffer given, and tells its length. */
  add(room: number, write: (bytes: Buffer) => number): void {
    if (this.#filled + headBytes + room > this.#filling.length) this.#startBlock(headBytes + room);
    const start = this.#filled + headBytes;
    const length = write(this.#filling.subarray(start, start + room));
    this.#filling.writeUInt32LE(length, this.#filled);
    this.#filled = start + length;
    this.#length += 1;
    this.#filledBlock = undefined;
    this.#current = undefined;
  }

  /** The bytes of a record, which nobody may change. */
  get(at: number): Buffer {
    const { block, first } = this.#holding(at);
    const { bytes, starts } = block;
    return bytes.subarray(starts[at - first] + headBytes, starts[at - first + 1]);
  }

  /** All records in the form in which a file holds them. */
  *chunks(): Generator<Buffer> {
    for (let number = 0; number < this.#ends.length; number += 1) yield this.#block(number).bytes;
    yield this.#filling.subarray(0, this.#filled);
  }

  /** A block whose first record may be longer than all of it. */
  #startBlock(room: number): void {
    if (this.#filled > 0) {
      const bytes = this.#filling.subarray(0, this.#filled);
      this.#blocks.set(this.#ends.length, this.#filledBlock ?? blockOf(bytes));
      this.#ends.push(this.#length);
      this.#offsets.push(this.#offsets.at(-1)! + this.#filled);
      this.#store();
    }
    this.#filling = Buffer.allocUnsafeSlow(Math.max(blockBytes, room));
    this.#filled = 0;
  }

  /** Where nothing can be written, such as on a full disk, all of the list stays in memory. */
  #store(): void {
    if (this.#file === undefined && this.#blocks.size <= blocksWaiting) return;
    try {
      const file = (this.#file ??= this.#makeFile());
      for (; this.#stored < this.#ends.length; this.#stored += 1) {
        writeAllSync(file, this.#blocks.get(this.#stored)!.bytes, this.#offsets[this.#stored]);
      }
    } catch {
      return;
    }
    this.#letGo();
  }

  #makeFile(): number {
    mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, `records-${randomBytes(6).toString('hex')}`);
    const file = openSync(path, 'wx+');
    closing.register(this, file);
    // A run that begins empties the folder of temporary files.
    rmSync(path, { force: true });
    return file;
  }

  #letGo(): void {
    const waiting = this.#ends.length - this.#stored;
    for (const number of this.#blocks.keys()) {
      if (this.#blocks.size - waiting <= blocksKept) break;
      if (number < this.#stored) this.#blocks.delete(number);
    }
  }

  #holding(at: number): { readonly block: Block; readonly first: number } {
    const current = this.#current;
    if (
      current !== undefined &&
      at >= current.first &&
      at - current.first < current.block.starts.length - 1
    ) {
      return current;
    }
    if (at < 0 || at >= this.#length) throw new RangeError(`there is no record ${at} among ${this.#length}`);
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ends[middle] > at) high = middle;
      else low = middle + 1;
    }
    return (this.#current = { block: this.#block(low), first: low === 0 ? 0 : this.#ends[low - 1] });
  }

  #block(number: number): Block {
    if (number === this.#ends.length)
      return (this.#filledBlock ??= blockOf(this.#filling.subarray(0, this.#filled)));
    let block = this.#blocks.get(number);
    if (number >= this.#stored) return block!;
    block ??= blockBetween(this.#file!, this.#offsets[number], this.#offsets[number + 1]);
    this.#blocks.delete(number);
    this.#blocks.set(number, block);
    this.#letGo();
    return block;
  }
}

/** The whole records from a place in a file on, as many as a block takes; undefined where there is none. */
function blockAt(file: number, start: number, end: number): Block | undefined {
  for (let room = blockBytes; ; room *= 2) {
    const block = blockBetween(file, start, Math.min(start + room, end));
    if (block.bytes.length > 0) return block;
    // Not even a record that is longer than a block.
    if (start + room >= end) return undefined;
  }
}

/** The whole records that begin at one place of a file and end before another. */
function blockBetween(file: number, start: number, end: number): Block {
  const bytes = Buffer.allocUnsafeSlow(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const read = readSync(file, bytes, filled, bytes.length - filled, start + filled);
    if (read === 0) break;
    filled += read;
  }
  return blockOf(bytes.subarray(0, filled));
}

/** The whole records at the beginning of some bytes. */
function blockOf(bytes: Buffer): Block {
  const starts = [0];
  let at = 0;
  while (at + headBytes <= bytes.length) {
    const next = at + headBytes + bytes.readUInt32LE(at);
    if (next > bytes.length) break;
    starts.push((at = next));
  }
  return { bytes: bytes.subarray(0, at), starts: Uint32Array.from(starts) };
}
