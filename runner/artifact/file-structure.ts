import { Message, type Schema } from 'apache-arrow';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import type { ByteSource } from './byte-source.ts';
import { damagedFile, decoding } from './damaged-file.ts';

/** The schema of an Arrow IPC file and where its batches lie. */
export interface FileStructure {
  readonly schema: Schema;
  readonly blocks: readonly FileBlock[];
}

/** A message starts with a continuation marker and the length of its metadata. */
export const messagePrefixBytes = 8;
const continuationMarker = 0xffffffff;
const magic = 'ARROW1';
/** The magic at the start, padded. */
const headBytes = 8;
/** The footer's length (int32) and the magic, at the very end. */
const tailBytes = 4 + magic.length;

/** @throws StageFailure where the file is no Arrow IPC file, or is cut. */
export async function readFooter(source: ByteSource): Promise<FileStructure> {
  const { name, size } = source;
  if (size < headBytes + tailBytes) throw damagedFile(name, 'it is too short');
  const tail = await source.read(size - tailBytes, tailBytes);
  if (Buffer.from(tail.subarray(4)).toString('latin1') !== magic) throw damagedFile(name, 'it has no footer');
  const length = new DataView(tail.buffer).getInt32(0, true);
  if (length <= 0 || length > size - headBytes - tailBytes) throw damagedFile(name, 'its footer is broken');
  const bytes = await source.read(size - tailBytes - length, length);
  return decoding(name, () => {
    const footer = Footer.decode(bytes);
    return { schema: footer.schema, blocks: [...footer.recordBatches()] };
  });
}

/**
 * Finds the batches of a file whose writer ended before the footer, by going through its messages up to the first
 * that is not whole.
 *
 * @throws StageFailure where not even the schema was written.
 */
export async function scanMessages(source: ByteSource): Promise<FileStructure> {
  let schema: Schema | undefined;
  const blocks: FileBlock[] = [];
  for (let position = headBytes; position + messagePrefixBytes <= source.size;) {
    const prefix = new DataView((await source.read(position, messagePrefixBytes)).buffer);
    const length = prefix.getInt32(4, true);
    const body = position + messagePrefixBytes + length;
    if (prefix.getUint32(0, true) !== continuationMarker || length <= 0 || body > source.size) break;
    const message = Message.decode(await source.read(position + messagePrefixBytes, length));
    if (body + message.bodyLength > source.size) break;
    if (message.isSchema()) schema = message.header();
    else if (message.isRecordBatch()) {
      blocks.push(new FileBlock(messagePrefixBytes + length, message.bodyLength, position));
    }
    position = body + message.bodyLength;
  }
  if (schema === undefined) throw damagedFile(source.name, 'it has no schema');
  return { schema, blocks };
}
