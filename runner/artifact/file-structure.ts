import type { ByteSource } from './byte-source.ts';
import { damagedFile, decoding } from './damaged-file.ts';
import {
  decodeFooter,
  decodeMessage,
  type Block,
  type FooterMetadata,
  type MessageMetadata,
} from './file-metadata.ts';

/** A message starts with a continuation marker and the length of its metadata. */
export const messagePrefixBytes = 8;
const continuationMarker = 0xffffffff;
const magic = 'ARROW1';
/** The magic at the start, padded. */
const headBytes = 8;
/** The footer's length (int32) and the magic, at the very end. */
const tailBytes = 4 + magic.length;

/** @throws StageFailure where the file is no Arrow IPC file, or is cut. */
export async function readFooter(source: ByteSource): Promise<FooterMetadata> {
  const { name, size } = source;
  if (size < headBytes + tailBytes) throw damagedFile(name, 'it is too short');
  const tail = await source.read(size - tailBytes, tailBytes);
  if (Buffer.from(tail.subarray(4)).toString('latin1') !== magic) throw damagedFile(name, 'it has no footer');
  const length = new DataView(tail.buffer).getInt32(0, true);
  if (length <= 0 || length > size - headBytes - tailBytes) throw damagedFile(name, 'its footer is broken');
  const bytes = await source.read(size - tailBytes - length, length);
  return decoding(name, () => decodeFooter(bytes));
}

/**
 * Finds the batches of a file whose writer ended before the footer, by going through its messages up to the first
 * that is not whole.
 *
 * @throws StageFailure where not even the schema was written.
 */
export async function scanMessages(source: ByteSource): Promise<FooterMetadata> {
  let schema: FooterMetadata['schema'] | undefined;
  const blocks: Block[] = [];
  for (let offset = headBytes; offset + messagePrefixBytes <= source.size;) {
    const prefix = new DataView((await source.read(offset, messagePrefixBytes)).buffer);
    const metadataLength = messagePrefixBytes + prefix.getInt32(4, true);
    const body = offset + metadataLength;
    const isMessage = prefix.getUint32(0, true) === continuationMarker && metadataLength > messagePrefixBytes;
    if (!isMessage || body > source.size) break;
    const bytes = await source.read(offset + messagePrefixBytes, metadataLength - messagePrefixBytes);
    const message = decodeWhole(bytes);
    if (message === undefined || body + message.bodyLength > source.size) break;
    const { bodyLength } = message;
    if (message.type === 'schema') schema = message.schema;
    else if (message.type === 'batch') blocks.push({ offset, metadataLength, bodyLength });
    offset = body + bodyLength;
  }
  if (schema === undefined) throw damagedFile(source.name, 'it has no schema');
  return { schema, blocks };
}

/** Undefined where the bytes are no metadata: of a file that was cut off, pages may never have reached the disk. */
function decodeWhole(bytes: Uint8Array): MessageMetadata | undefined {
  try {
    return decodeMessage(bytes);
  } catch {
    return undefined;
  }
}
