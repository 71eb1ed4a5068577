import { Message, type Schema } from 'apache-arrow';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import { open, type FileHandle } from 'node:fs/promises';
import { StageFailure } from '../kind/index.ts';

/** A range of bytes of a batch's body. */
export interface Region {
  readonly offset: number;
  readonly length: number;
}

/** What a record batch says of itself in front of its data. */
export interface BatchHeader {
  readonly rows: number;
  /** One for each field, parents before children: how many values it has in this batch, and how many are null. */
  readonly nodes: readonly { readonly length: number; readonly nullCount: number }[];
  /** The buffers of all fields in order, relative to the body. */
  readonly buffers: readonly Region[];
}

const magic = 'ARROW1';
/** The footer's length (int32) and the magic, at the very end. */
const tailBytes = 4 + magic.length;
/** A message starts with a continuation marker and the length of its metadata. */
const messagePrefixBytes = 8;
/** Ranges no further apart are read in one go: a system call costs about as much as reading so many bytes. */
const worthReadingOver = 2 ** 15;

/** An Arrow IPC file, of which single ranges of bytes are read and never the whole. */
export class ArrowFile {
  readonly path: string;
  readonly schema: Schema;
  readonly #handle: FileHandle;
  readonly #blocks: readonly FileBlock[];

  private constructor(path: string, handle: FileHandle, schema: Schema, blocks: readonly FileBlock[]) {
    this.path = path;
    this.schema = schema;
    this.#handle = handle;
    this.#blocks = blocks;
  }

  /** @throws StageFailure where the file is no Arrow IPC file or is cut. */
  static async open(path: string): Promise<ArrowFile> {
    const handle = await open(path, 'r');
    try {
      const footer = await readFooter(path, handle);
      return new ArrowFile(path, handle, footer.schema, [...footer.recordBatches()]);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Opens a file whose writer ended before its footer: what is there are the batches that were written whole.
   *
   * @throws StageFailure where not even the schema was written.
   */
  static async recover(path: string): Promise<ArrowFile> {
    const handle = await open(path, 'r');
    try {
      const { schema, blocks } = await scanMessages(path, handle);
      return new ArrowFile(path, handle, schema, blocks);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get batches(): number {
    return this.#blocks.length;
  }

  async header(batch: number): Promise<BatchHeader> {
    if (batch >= this.batches) throw new RangeError(`${this.path} has no batch ${batch}`);
    const block = this.#blocks[batch];
    const bytes = await readRange(this.path, this.#handle, block.offset, block.metaDataLength);
    const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(4, true);
    const message = Message.decode(bytes.subarray(messagePrefixBytes, messagePrefixBytes + length));
    if (!message.isRecordBatch()) throw damaged(this.path, `batch ${batch} is no record batch`);
    const { length: rows, nodes, buffers, compression } = message.header();
    if (compression !== null) {
      throw new StageFailure(`${this.path} is compressed`, {
        place: this.path,
        hint: 'write it uncompressed (pyarrow: `IpcWriteOptions(compression=None)`)',
      });
    }
    return { rows, nodes, buffers };
  }

  /** The bytes of some ranges of a batch's body, each a view; views of neighbouring ranges share memory. */
  async read(batch: number, regions: readonly Region[]): Promise<Uint8Array[]> {
    const block = this.#blocks[batch];
    const body = block.offset + block.metaDataLength;
    const result = new Array<Uint8Array>(regions.length);
    for (const group of neighbours(regions)) {
      const start = Math.min(...group.map(({ region }) => region.offset));
      const end = Math.max(...group.map(({ region }) => region.offset + region.length));
      const bytes = await readRange(this.path, this.#handle, body + start, end - start);
      for (const { index, region } of group) {
        result[index] = bytes.subarray(region.offset - start, region.offset - start + region.length);
      }
    }
    return result;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function readFooter(path: string, handle: FileHandle): Promise<Footer> {
  const { size } = await handle.stat();
  if (size < 2 * tailBytes) throw damaged(path, 'it is too short');
  const tail = await readRange(path, handle, size - tailBytes, tailBytes);
  if (Buffer.from(tail.subarray(4)).toString('latin1') !== magic) throw damaged(path, 'it has no footer');
  const length = new DataView(tail.buffer, tail.byteOffset).getInt32(0, true);
  if (length <= 0 || length > size - 2 * tailBytes) throw damaged(path, 'its footer is broken');
  return Footer.decode(await readRange(path, handle, size - tailBytes - length, length));
}

/** Reads the messages one after the other, up to the first that is not whole. */
async function scanMessages(path: string, handle: FileHandle): Promise<{ schema: Schema; blocks: FileBlock[] }> {
  const { size } = await handle.stat();
  const blocks: FileBlock[] = [];
  let schema: Schema | undefined;
  for (let at = messagePrefixBytes; at + messagePrefixBytes <= size; ) {
    const prefix = await readRange(path, handle, at, messagePrefixBytes);
    const view = new DataView(prefix.buffer, prefix.byteOffset);
    const length = view.getInt32(4, true);
    const start = at + messagePrefixBytes;
    if (view.getUint32(0, true) !== 0xffffffff || length <= 0 || start + length > size) break;
    const message = Message.decode(await readRange(path, handle, start, length));
    const end = start + length + message.bodyLength;
    if (end > size) break;
    if (message.isSchema()) schema = message.header();
    else if (message.isRecordBatch()) {
      blocks.push(new FileBlock(messagePrefixBytes + length, message.bodyLength, at));
    }
    at = end;
  }
  if (schema === undefined) throw damaged(path, 'it has no schema');
  return { schema, blocks };
}

/** Sorts ranges into groups that lie close together. */
function* neighbours(regions: readonly Region[]): Generator<{ index: number; region: Region }[]> {
  const sorted = regions.map((region, index) => ({ index, region }));
  sorted.sort((a, b) => a.region.offset - b.region.offset);
  let group: typeof sorted = [];
  let end = 0;
  for (const entry of sorted) {
    if (group.length > 0 && entry.region.offset > end + worthReadingOver) {
      yield group;
      group = [];
    }
    group.push(entry);
    end = Math.max(end, entry.region.offset + entry.region.length);
  }
  if (group.length > 0) yield group;
}

/** Reads exactly this range into memory of its own, which starts at offset 0 of its ArrayBuffer. */
async function readRange(
  path: string,
  handle: FileHandle,
  position: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let start = 0;
  while (start < length) {
    const { bytesRead } = await handle.read(bytes, start, length - start, position + start);
    if (bytesRead === 0) throw damaged(path, 'it ends too early');
    start += bytesRead;
  }
  return bytes;
}

function damaged(path: string, what: string): StageFailure {
  return new StageFailure(`${path} is no whole Arrow IPC file: ${what}`, {
    place: path,
    hint: '`pipeline verify` finds damaged artifacts; they are computed anew by the next run',
  });
}
