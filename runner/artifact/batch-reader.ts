import { StageFailure, type Column } from '../kind/index.ts';
import { openByteSource, type ByteSource } from './byte-source.ts';
import {
  dataRegion,
  decodeColumn,
  decodeOffsets,
  type ColumnBatch,
  type Offsets,
  type RowRange,
} from './column-batch.ts';
import { slotsOf, type ColumnSlots } from './column-slots.ts';
import { decoding } from './damaged-file.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import type { FooterMetadata, Region } from './file-metadata.ts';
import { readFooter } from './file-structure.ts';
import { openStoredBatch, type StoredBatch } from './stored-batch.ts';
import { storedColumnsOf, type StoredColumn } from './stored-column.ts';

/** Reads single columns of single batches of a table, and of them single rows. */
export class BatchReader {
  /** All columns in the file's order, `id` and `digest` among them. */
  readonly columns: ReadonlyMap<string, StoredColumn>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly #source: ByteSource;
  readonly #schema: FooterMetadata['schema'];
  readonly #blocks: FooterMetadata['blocks'];
  readonly #slots: ReadonlyMap<string, ColumnSlots>;

  private constructor(source: ByteSource, { schema, blocks }: FooterMetadata) {
    this.columns = storedColumnsOf(source.name, schema);
    this.metadata = Object.fromEntries(schema.metadata);
    this.#source = source;
    this.#schema = schema;
    this.#blocks = blocks;
    this.#slots = slotsOf(this.columns);
  }

  /** @param structureOf how the batches are found. */
  static async open(
    path: string,
    name: string,
    structureOf: (source: ByteSource) => Promise<FooterMetadata> = readFooter,
  ): Promise<BatchReader> {
    const source = await openByteSource(path, name);
    try {
      return await decoding(name, async () => new BatchReader(source, await structureOf(source)));
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /** What errors call the table. */
  get name(): string {
    return this.#source.name;
  }

  /** Size of the file. */
  get bytes(): number {
    return this.#source.size;
  }

  get batches(): number {
    return this.#blocks.length;
  }

  column(name: string): Column {
    return this.#stored(name).column;
  }

  #stored(name: string): StoredColumn {
    const stored = this.columns.get(name);
    if (stored) return stored;
    throw new StageFailure(`there is no column ${name}`, {
      place: this.name,
      hint: `its columns are ${[...this.columns.keys()].join(', ')}`,
    });
  }

  async batch(index: number): Promise<StoredBatch> {
    if (!Number.isInteger(index) || index < 0 || index >= this.batches) {
      throw new RangeError(`${this.name} has no batch ${index}: it has ${this.batches}, counted from 0`);
    }
    return decoding(this.name, () => openStoredBatch(this.#source, this.#blocks[index]));
  }

  async encoded(index: number): Promise<EncodedBatch> {
    const { rows, rowsBefore } = await this.batch(index);
    const block = this.#blocks[index];
    const { offset, metadataLength, bodyLength } = block;
    return {
      rows,
      rowsBefore,
      schema: this.#schema,
      block,
      bytes: () => this.#source.read(offset, metadataLength + bodyLength),
    };
  }

  /** The columns named of all rows of a batch, or of some; other data is not read. */
  async read(
    batch: StoredBatch,
    names: readonly string[],
    range: RowRange = { start: 0, end: batch.rows },
  ): Promise<ColumnBatch[]> {
    return decoding(this.name, () => this.#read(batch, names, range));
  }

  async #read(batch: StoredBatch, names: readonly string[], range: RowRange): Promise<ColumnBatch[]> {
    const offsets = await this.#readOffsets(batch, names, range);
    const regions = names.map((name, index) =>
      within(this.#buffer(batch, name, 'data'), dataRegion(this.#stored(name), range, offsets[index])),
    );
    const data = await batch.read(regions);
    return names.map((name, index) => decodeColumn(this.#stored(name), range, data[index], offsets[index]));
  }

  /** Where the rows of a sequence start and end, in steps, without reading the values. */
  async readSteps(batch: StoredBatch, name: string): Promise<Offsets> {
    const range = { start: 0, end: batch.rows };
    return (await decoding(this.name, () => this.#readOffsets(batch, [name], range)))[0];
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  /** For each column the offsets of the rows in its values, one more than there are rows; empty where it has none. */
  async #readOffsets(batch: StoredBatch, names: readonly string[], range: RowRange): Promise<Offsets[]> {
    const count = range.end - range.start + 1;
    const regions = names.map((name) => {
      const { offsetBytes } = this.#stored(name);
      // A column of no rows may leave its offsets out.
      if (batch.rows === 0 || offsetBytes === undefined) return { offset: 0, length: 0 };
      const part = { offset: offsetBytes * range.start, length: offsetBytes * count };
      return within(this.#buffer(batch, name, 'offsets'), part);
    });
    const bytes = await batch.read(regions);
    return names.map((name, index) => decodeOffsets(bytes[index], this.#stored(name).offsetBytes));
  }

  #buffer(batch: StoredBatch, name: string, part: 'data' | 'offsets'): Region {
    const slots = this.#slots.get(name)!;
    const nodes = batch.nodes.slice(slots.node, slots.node + this.#stored(name).levels);
    if (nodes.some(({ nullCount }) => nullCount > 0)) {
      throw new StageFailure(`column ${name} has empty cells`, {
        place: this.name,
        hint: 'every row must have a value: fill them in the stage that writes the table',
      });
    }
    return batch.buffers[slots[part]!];
  }
}

function within(buffer: Region, part: Region): Region {
  return { offset: buffer.offset + part.offset, length: part.length };
}
