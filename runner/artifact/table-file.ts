import type { Columns, Table } from '../kind/index.ts';
import { BatchReader } from './batch-reader.ts';
import { decodeRows, type DigestedRow } from './decode-rows.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import { scanMessages } from './file-structure.ts';
import { readTable } from './read-table.ts';
import { RowAccess } from './row-access.ts';
import { countRows } from './row-places.ts';
import { rowColumns } from './schema.ts';

/** An open table. Of the file only what is asked for is read: single batches, of them single columns and rows. */
export interface TableFile {
  /** Without `id` and `digest`. */
  readonly columns: Columns;
  /** Rows in all batches. */
  readonly count: number;
  readonly batches: number;
  /** The schema's metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The rows in order, one batch in memory at a time; with the cells of the columns named, or of all. */
  rows(selected?: readonly string[]): AsyncIterable<DigestedRow>;
  readBatch(index: number, selected?: readonly string[]): Promise<DigestedRow[]>;
  /** The rows at these places, counted from 0, in this order; little more than these is read. */
  readRows(positions: readonly number[], selected?: readonly string[]): Promise<DigestedRow[]>;
  /** The batch that begins with the row at a place, as it stands in the file; undefined where none does. */
  batchAt(position: number): Promise<EncodedBatch | undefined>;
  /** The whole table, or the columns named, in memory. */
  read(selected?: readonly string[]): Promise<Table>;
  /** What rows there are; cheap however large their cells. */
  digests(): Promise<{ ids: string[]; digests: string[] }>;
  close(): Promise<void>;
}

/**
 * Opens a table that `createTableWriter` or another Arrow tool wrote. Cells given out are copies: they may be kept,
 * changed and sent to another thread.
 *
 * @param name what errors call the file.
 * @throws StageFailure where the file is damaged, or its columns are none that a table can have.
 */
export async function openTable(path: string, name: string = path): Promise<TableFile> {
  return tableOf(await BatchReader.open(path, name));
}

/**
 * Opens what was written of a table whose writer was killed: the batches that are whole.
 *
 * @throws StageFailure where not even the schema was written.
 */
export async function recoverTable(path: string, name: string = path): Promise<TableFile> {
  return tableOf(await BatchReader.open(path, name, scanMessages));
}

async function tableOf(reader: BatchReader): Promise<TableFile> {
  try {
    return new StoredTable(reader, await countRows(reader));
  } catch (error) {
    await reader.close();
    throw error;
  }
}

class StoredTable implements TableFile {
  readonly columns: Columns;
  readonly count: number;
  readonly #reader: BatchReader;
  readonly #rows: RowAccess;

  constructor(reader: BatchReader, count: number) {
    this.columns = Object.fromEntries(
      [...reader.columns]
        .filter(([name]) => !Object.hasOwn(rowColumns, name))
        .map(([name, { column }]) => [name, column]),
    );
    this.count = count;
    this.#reader = reader;
    this.#rows = new RowAccess(reader);
  }

  get batches(): number {
    return this.#reader.batches;
  }

  get metadata(): Readonly<Record<string, string>> {
    return this.#reader.metadata;
  }

  async *rows(selected?: readonly string[]): AsyncGenerator<DigestedRow> {
    const names = this.#select(selected);
    for (let index = 0; index < this.batches; index++) yield* await this.readBatch(index, names);
  }

  async readBatch(index: number, selected?: readonly string[]): Promise<DigestedRow[]> {
    return decodeRows(this.#reader, await this.#reader.batch(index), this.#select(selected));
  }

  async readRows(positions: readonly number[], selected?: readonly string[]): Promise<DigestedRow[]> {
    const names = this.#select(selected);
    const rows: DigestedRow[] = [];
    for (const position of positions) rows.push(await this.#rows.read(position, names));
    return rows;
  }

  batchAt(position: number): Promise<EncodedBatch | undefined> {
    return this.#rows.batchAt(position);
  }

  async read(selected?: readonly string[]): Promise<Table> {
    return readTable(this.#reader, this.count, this.#select(selected));
  }

  async digests(): Promise<{ ids: string[]; digests: string[] }> {
    const table = await readTable(this.#reader, this.count, ['digest']);
    return { ids: [...table.ids], digests: [...table.text('digest')] };
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  #select(selected: readonly string[] | undefined): readonly string[] {
    for (const name of selected ?? []) this.#reader.column(name);
    return selected ?? Object.keys(this.columns);
  }
}
