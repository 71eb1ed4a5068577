import { StageFailure } from '../kind/index.ts';
import type { ByteSource } from './byte-source.ts';
import { damagedFile } from './damaged-file.ts';
import { decodeMessage, type BatchMetadata, type Block, type Region } from './file-metadata.ts';
import { messagePrefixBytes } from './file-structure.ts';

/** A record batch in a file: what it says of itself, and access to its data. */
export interface StoredBatch extends Pick<BatchMetadata, 'rows' | 'nodes' | 'buffers'> {
  /** Rows of the batches before it, where the writer noted them. */
  readonly rowsBefore: number | undefined;
  /** Bytes of its data. */
  readonly size: number;
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
export async function openStoredBatch(source: ByteSource, block: Block): Promise<StoredBatch> {
  const bodyStart = block.offset + block.metadataLength;
  if (block.offset < 0 || block.bodyLength < 0 || bodyStart + block.bodyLength > source.size) {
    throw damagedFile(source.name, 'its footer points outside of it');
  }
  const prefixLength = Math.min(block.bodyLength, bodyPrefixBytes);
  const bytes = await source.read(block.offset, block.metadataLength + prefixLength);
  const prefix = bytes.subarray(block.metadataLength);
  const { rows, nodes, buffers, notes } = decodeHeader(source.name, bytes);

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
  return {
    rows,
    rowsBefore: countIn(notes.get(rowsBeforeKey)),
    size: block.bodyLength,
    nodes,
    buffers,
    read,
  };
}

function decodeHeader(name: string, bytes: Uint8Array<ArrayBuffer>): BatchMetadata {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(4, true);
  const message = decodeMessage(bytes.subarray(messagePrefixBytes, messagePrefixBytes + length));
  if (message.type !== 'batch') throw damagedFile(name, 'its footer points to something that is no batch');
  if (!message.isCompressed) return message;
  throw new StageFailure('the file is compressed', {
    place: name,
    hint: 'write it uncompressed (pyarrow: `IpcWriteOptions(compression=None)`)',
  });
}

function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
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
