import { Message } from 'apache-arrow';
import type { FileBlock } from 'apache-arrow/ipc/metadata/file';
import { StageFailure } from '../kind/index.ts';
import type { ByteSource } from './byte-source.ts';
import { damagedFile } from './damaged-file.ts';
import { messagePrefixBytes } from './file-structure.ts';

/** A range of bytes of a batch's body. */
export interface Region {
  readonly offset: number;
  readonly length: number;
}

/** A record batch in a file: what it says of itself, and access to its data. */
export interface StoredBatch {
  readonly rows: number;
  /** Rows of the batches before it, where the writer noted them. */
  readonly rowsBefore: number | undefined;
  /** Bytes of its data. */
  readonly size: number;
  /** One for each field, parents before children. */
  readonly nodes: readonly { readonly length: number; readonly nullCount: number }[];
  /** The buffers of all fields in order. */
  readonly buffers: readonly Region[];
  /** The bytes of some ranges, in their order. They may share memory with one another. */
  read(regions: readonly Region[]): Promise<Uint8Array<ArrayBuffer>[]>;
}

/** The key under which a batch notes how many rows are before it, so that the last one tells the table's length. */
export const rowsBeforeKey = 'rowsBefore';

/** Read together with the metadata: ids and digests come first in the body, and usually fit. */
const bodyPrefixBytes = 2 ** 14;
/** Ranges no further apart are read in one go: a system call costs about as much as reading so many bytes. */
const worthReadingOver = 2 ** 15;

/** @throws StageFailure where the batch is damaged or compressed. */
export async function openStoredBatch(source: ByteSource, block: FileBlock): Promise<StoredBatch> {
  const bodyStart = block.offset + block.metaDataLength;
  if (block.offset < 0 || block.bodyLength < 0 || bodyStart + block.bodyLength > source.size) {
    throw damagedFile(source.name, 'its footer points outside of it');
  }
  const prefixLength = Math.min(block.bodyLength, bodyPrefixBytes);
  const bytes = await source.read(block.offset, block.metaDataLength + prefixLength);
  const prefix = bytes.subarray(block.metaDataLength);
  const { rows, rowsBefore, nodes, buffers } = decodeHeader(source.name, bytes);

  const read = async (regions: readonly Region[]): Promise<Uint8Array<ArrayBuffer>[]> => {
    if (
      regions.some(({ offset, length }) => offset < 0 || length < 0 || offset + length > block.bodyLength)
    ) {
      throw damagedFile(source.name, 'a batch points outside of itself');
    }
    const result = regions.map(({ offset, length }) => prefix.subarray(offset, offset + length));
    const rest = regions
      .map((region, index) => ({ ...region, index }))
      .filter(({ offset, length }) => offset + length > prefixLength);
    for (const group of neighbours(rest)) {
      // Rounded down, so that numbers are as aligned in memory as they are in the file.
      const start = group[0].offset - (group[0].offset % 8);
      const end = Math.max(...group.map(({ offset, length }) => offset + length));
      const body = await source.read(bodyStart + start, end - start);
      for (const { index, offset, length } of group) {
        result[index] = body.subarray(offset - start, offset - start + length);
      }
    }
    return result;
  };
  return { rows, rowsBefore, size: block.bodyLength, nodes, buffers, read };
}

function decodeHeader(name: string, bytes: Uint8Array<ArrayBuffer>): Omit<StoredBatch, 'read' | 'size'> {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(4, true);
  const message = Message.decode(bytes.subarray(messagePrefixBytes, messagePrefixBytes + length));
  if (!message.isRecordBatch()) throw damagedFile(name, 'its footer points to something that is no batch');
  const { length: rows, nodes, buffers, compression } = message.header();
  if (compression !== null) {
    throw new StageFailure('the file is compressed', {
      place: name,
      hint: 'write it uncompressed (pyarrow: `IpcWriteOptions(compression=None)`)',
    });
  }
  const rowsBefore = message.metadata.get(rowsBeforeKey);
  const isCount = rowsBefore !== undefined && /^\d+$/.test(rowsBefore);
  return { rows, rowsBefore: isCount ? Number(rowsBefore) : undefined, nodes, buffers };
}

/** Sorts ranges into groups that lie close together, each in the order of the file. */
function* neighbours<Range extends Region>(regions: readonly Range[]): Generator<Range[]> {
  let group: Range[] = [];
  let end = 0;
  for (const region of [...regions].sort((a, b) => a.offset - b.offset)) {
    if (group.length > 0 && region.offset > end + worthReadingOver) {
      yield group;
      group = [];
    }
    group.push(region);
    end = Math.max(end, region.offset + region.length);
  }
  if (group.length > 0) yield group;
}
