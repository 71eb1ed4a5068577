import { Schema } from 'apache-arrow';
import { Block as EncodedBlock } from 'apache-arrow/fb/block';
import { Footer } from 'apache-arrow/fb/footer';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { RecordBatch as EncodedBatch } from 'apache-arrow/fb/record-batch';
import { Schema as EncodedSchema } from 'apache-arrow/fb/schema';
// This module also gives the class Schema its decoder.
import { RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { ByteBuffer } from 'flatbuffers';

/** A range of bytes. */
export interface Region {
  readonly offset: number;
  readonly length: number;
}

/** Where a batch is in a file: its message's metadata from `offset` on, then its body. */
export interface Block {
  readonly offset: number;
  readonly metadataLength: number;
  readonly bodyLength: number;
}

export interface FooterMetadata {
  readonly schema: Schema;
  readonly blocks: readonly Block[];
}

/** What stands in front of a message's body. */
export type MessageMetadata =
  | { readonly type: 'schema'; readonly bodyLength: number; readonly schema: Schema }
  | { readonly type: 'other'; readonly bodyLength: number }
  | BatchMetadata;

export interface BatchMetadata {
  readonly type: 'batch';
  readonly bodyLength: number;
  readonly rows: number;
  /** One for each field, parents before children. */
  readonly nodes: readonly { readonly nullCount: number }[];
  /** The buffers of all fields in order, in the body. */
  readonly buffers: readonly Region[];
  readonly isCompressed: boolean;
  /** What the writer noted with this batch. */
  readonly notes: ReadonlyMap<string, string>;
}

/** @throws RangeError where the bytes are no footer. */
export function decodeFooter(bytes: Uint8Array): FooterMetadata {
  const footer = Footer.getRootAsFooter(new CheckedBuffer(bytes));
  const blocks = itemsOf(footer.recordBatchesLength(), (index) => {
    const block = footer.recordBatches(index, new EncodedBlock())!;
    return {
      offset: Number(block.offset()),
      metadataLength: block.metaDataLength(),
      bodyLength: Number(block.bodyLength()),
    };
  });
  return { schema: decodeSchema(footer.schema()), blocks };
}

/** @throws RangeError where the bytes are no metadata of a message. */
export function decodeMessage(bytes: Uint8Array): MessageMetadata {
  const message = Message.getRootAsMessage(new CheckedBuffer(bytes));
  const bodyLength = Number(message.bodyLength());
  if (bodyLength < 0) throw new RangeError('a message has a negative length');
  switch (message.headerType()) {
    case MessageHeader.Schema: {
      const encoded = message.header(new EncodedSchema()) as EncodedSchema | null;
      return { type: 'schema', bodyLength, schema: decodeSchema(encoded) };
    }
    case MessageHeader.RecordBatch:
      return decodeBatch(message, bodyLength);
    default:
      return { type: 'other', bodyLength };
  }
}

function decodeBatch(message: Message, bodyLength: number): BatchMetadata {
  const encoded = message.header(new EncodedBatch()) as EncodedBatch | null;
  if (encoded === null) throw new RangeError('a batch has no header');
  const { length: rows, nodes, buffers, compression } = RecordBatch.decode(encoded);
  if (rows < 0) throw new RangeError('a batch has a negative number of rows');
  return {
    type: 'batch',
    bodyLength,
    rows,
    nodes,
    buffers,
    isCompressed: compression !== null,
    notes: new Map(
      itemsOf(message.customMetadataLength(), (index) => {
        const entry = message.customMetadata(index)!;
        return [entry.key() ?? '', entry.value() ?? ''] as const;
      }),
    ),
  };
}

function decodeSchema(encoded: EncodedSchema | null): Schema {
  if (encoded === null) throw new RangeError('there is no schema');
  return Schema.decode(encoded, new Map());
}

/** One by one, so that a length that is wrong ends at the first item that is not there. */
function itemsOf<Item>(length: number, itemAt: (index: number) => Item): Item[] {
  const items: Item[] = [];
  for (let index = 0; index < length; index++) items.push(itemAt(index));
  return items;
}

/**
 * The library reads what lies outside of its bytes as zeros: a list whose length is broken would be gone through for
 * its two thousand million items. This one throws at the first of them.
 */
class CheckedBuffer extends ByteBuffer {
  override readUint8(offset: number): number {
    this.#check(offset, 1);
    return super.readUint8(offset);
  }

  override readUint16(offset: number): number {
    this.#check(offset, 2);
    return super.readUint16(offset);
  }

  override readInt32(offset: number): number {
    this.#check(offset, 4);
    return super.readInt32(offset);
  }

  #check(offset: number, length: number): void {
    if (offset >= 0 && offset + length <= this.capacity()) return;
    throw new RangeError('its metadata point outside of themselves');
  }
}
