import { makeData, Message, RecordBatch, RecordBatchFileWriter, Struct, util } from 'apache-arrow';
import type { Data, Schema } from 'apache-arrow';
import { FileBlock } from 'apache-arrow/ipc/metadata/file';
import type { EncodedBatch } from './encoded-batch.ts';
import { rowsBeforeKey } from './stored-batch.ts';

/**
 * Turns record batches into the bytes of an Arrow IPC file, piece by piece: what apache-arrow's own file writer
 * queues for a stream is handed over here at once, so that the caller decides when it is written.
 */
export class FileEncoder {
  readonly #writer: CollectingWriter;
  readonly #schema: Schema;
  #rows = 0;

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#writer = new CollectingWriter();
    this.#writer.reset(undefined, schema);
  }

  /** The bytes of one batch, preceded by the file's header if it is the first. They share the columns' memory. */
  batch(length: number, columns: readonly Data[]): Uint8Array[] {
    const type = new Struct(this.#schema.fields);
    const data = makeData({ type, length, nullCount: 0, children: [...columns] });
    const metadata = new Map([[rowsBeforeKey, String(this.#rows)]]);
    this.#writer.write(new RecordBatch(this.#schema, data, metadata));
    this.#rows += length;
    return this.#writer.take();
  }

  /**
   * The bytes of a batch of another file as they are, where the same rows in this place would give the same; undefined
   * where they would not.
   */
  async copy(batch: EncodedBatch): Promise<Uint8Array[] | undefined> {
    if (batch.rowsBefore !== this.#rows || !util.compareSchemas(batch.schema, this.#schema)) return undefined;
    this.#writer.copy(await batch.bytes(), batch.block.metadataLength);
    this.#rows += batch.rows;
    return this.#writer.take();
  }

  /** The end of the file: the footer, which says where the batches are. */
  end(): Uint8Array[] {
    this.#writer.close();
    return this.#writer.take();
  }
}

class CollectingWriter extends RecordBatchFileWriter {
  #pieces: Uint8Array[] = [];

  take(): Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  /** Writes a message of a batch, of which the first bytes are its metadata. */
  copy(message: Uint8Array, metadataLength: number): void {
    const bodyLength = message.byteLength - metadataLength;
    this._recordBatchBlocks.push(new FileBlock(metadataLength, bodyLength, this._position));
    this._write(message);
  }

  /** The schema is in the footer; here too, so that the file can also be read from start to end as a stream. */
  protected override _writeSchema(schema: Schema): this {
    super._writeSchema(schema);
    return this._writeMessage(Message.from(schema));
  }

  protected override _write(chunk: Parameters<RecordBatchFileWriter['_write']>[0]): this {
    const bytes = util.toUint8Array(chunk) as Uint8Array;
    if (this._started && bytes.byteLength > 0) {
      this.#pieces.push(bytes);
      this._position += bytes.byteLength;
    }
    return this;
  }
}
