import { StageFailure, type Cells, type Column, type Columns, type Row, type Table } from '../kind/index.ts';
import { ArrowFile, type BatchHeader, type Region } from './arrow-file.ts';
import { cellOf, decodeColumn, type ColumnBatch } from './column-batch.ts';
import { slotsOf, type ColumnSlots } from './column-slots.ts';
import { storedColumnsOf } from './columns-of-schema.ts';
import { readTable } from './read-table.ts';
import { rowColumns } from './schema.ts';

export interface DigestedRow {
  readonly row: Row;
  readonly digest: string;
}

/** An open table. Of the file only what is asked for is read: single batches, and of them single columns. */
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
  /** The rows at these places, in this order; batches that hold none of them are not read. */
  readRows(positions: readonly number[], selected?: readonly string[]): Promise<DigestedRow[]>;
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
 * @throws StageFailure where the file is damaged, or its columns are none that a table can have.
 */
export async function openTable(path: string): Promise<TableFile> {
  return tableOf(path, await ArrowFile.open(path));
}

/** Opens what was written of a table whose writer was killed: the batches that are whole. */
export async function recoverTable(path: string): Promise<TableFile> {
  return tableOf(path, await ArrowFile.recover(path));
}

async function tableOf(path: string, file: ArrowFile): Promise<TableFile> {
  try {
    const columns = storedColumnsOf(path, file.schema);
    return new StoredTable(file, columns, await countRows(file));
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Reads single columns of single batches. */
export interface BatchSource {
  readonly count: number;
  readonly batches: number;
  column(name: string): Column;
  readColumns(batch: number, names: readonly string[]): Promise<{ rows: number; columns: ColumnBatch[] }>;
  /** The steps of each row of a sequence, without reading the values. */
  readSteps(batch: number, name: string): Promise<Int32Array>;
}

class StoredTable implements TableFile, BatchSource {
  readonly columns: Columns;
  readonly count: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly #file: ArrowFile;
  readonly #stored: ReadonlyMap<string, Column>;
  readonly #slots: ReadonlyMap<string, ColumnSlots>;
  /** The row behind the last one of each batch. */
  #ends: number[] | undefined;
  /** The batch read last by `readRows`: rows are mostly asked for in order. */
  #recent: { batch: number; names: string; rows: DigestedRow[] } | undefined;

  constructor(file: ArrowFile, stored: ReadonlyMap<string, Column>, count: number) {
    this.#file = file;
    this.#stored = stored;
    this.#slots = slotsOf(stored);
    this.count = count;
    this.columns = Object.fromEntries([...stored].filter(([name]) => !Object.hasOwn(rowColumns, name)));
    this.metadata = Object.fromEntries(file.schema.metadata);
  }

  get batches(): number {
    return this.#file.batches;
  }

  async *rows(selected?: readonly string[]): AsyncGenerator<DigestedRow> {
    const names = this.#select(selected);
    for (let batch = 0; batch < this.batches; batch++) yield* await this.#decodeRows(batch, names);
  }

  async readBatch(index: number, selected?: readonly string[]): Promise<DigestedRow[]> {
    return [...(await this.#decodeRows(index, this.#select(selected)))];
  }

  async readRows(positions: readonly number[], selected?: readonly string[]): Promise<DigestedRow[]> {
    this.#ends ??= await this.#batchEnds();
    const names = this.#select(selected);
    const rows: DigestedRow[] = [];
    for (const position of positions) {
      const batch = batchOf(this.#ends, position);
      if (batch !== this.#recent?.batch || names.join() !== this.#recent.names) {
        this.#recent = { batch, names: names.join(), rows: [...(await this.#decodeRows(batch, names))] };
      }
      rows.push(this.#recent.rows[position - (batch === 0 ? 0 : this.#ends[batch - 1]!)]!);
    }
    return rows;
  }

  async read(selected?: readonly string[]): Promise<Table> {
    return readTable(this, this.#select(selected));
  }

  async digests(): Promise<{ ids: string[]; digests: string[] }> {
    const ids: string[] = [];
    const digests: string[] = [];
    for (let batch = 0; batch < this.batches; batch++) {
      const [id, digest] = (await this.readColumns(batch, ['id', 'digest'])).columns;
      ids.push(...textOf(id));
      digests.push(...textOf(digest));
    }
    return { ids, digests };
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  column(name: string): Column {
    const column = this.#stored.get(name);
    if (column) return column;
    throw new StageFailure(`${this.#file.path} has no column ${name}`, {
      place: this.#file.path,
      hint: `its columns are ${[...this.#stored.keys()].join(', ')}`,
    });
  }

  async readColumns(
    batch: number,
    names: readonly string[],
  ): Promise<{ rows: number; columns: ColumnBatch[] }> {
    const header = await this.#file.header(batch);
    const regions = names.flatMap((name) => this.#regions(header, name));
    const buffers = await this.#file.read(batch, regions);
    const columns = names.map((name, index) =>
      decodeColumn(this.column(name), header.rows, buffers[2 * index], buffers[2 * index + 1]),
    );
    return { rows: header.rows, columns };
  }

  async readSteps(batch: number, name: string): Promise<Int32Array> {
    const header = await this.#file.header(batch);
    if (header.rows === 0) return new Int32Array(1);
    const [offsets] = await this.#file.read(batch, this.#regions(header, name).slice(1));
    return new Int32Array(offsets.buffer, offsets.byteOffset, header.rows + 1);
  }

  /** The data of a column and its offsets (of no length where it has none). */
  #regions(header: BatchHeader, name: string): Region[] {
    const { node, data, offsets } = this.#slots.get(name)!;
    if (header.nodes[node].nullCount > 0) {
      throw new StageFailure(`column ${name} of ${this.#file.path} has empty cells`, {
        place: this.#file.path,
      });
    }
    return [header.buffers[data], offsets === undefined ? { offset: 0, length: 0 } : header.buffers[offsets]];
  }

  async #batchEnds(): Promise<number[]> {
    const ends: number[] = [];
    for (let batch = 0; batch < this.batches; batch++) {
      ends.push((ends.at(-1) ?? 0) + (await this.#file.header(batch)).rows);
    }
    return ends;
  }

  #select(selected: readonly string[] | undefined): readonly string[] {
    for (const name of selected ?? []) this.column(name);
    return selected ?? Object.keys(this.columns);
  }

  async #decodeRows(batch: number, names: readonly string[]): Promise<Iterable<DigestedRow>> {
    const { rows, columns } = await this.readColumns(batch, ['id', 'digest', ...names]);
    const [id, digest, ...cells] = columns;
    return decodedRows(rows, textOf(id), textOf(digest), names, cells);
  }
}

function* decodedRows(
  rows: number,
  ids: readonly string[],
  digests: readonly string[],
  names: readonly string[],
  columns: readonly ColumnBatch[],
): Generator<DigestedRow> {
  for (let row = 0; row < rows; row++) {
    const cells: Cells = Object.fromEntries(names.map((name, index) => [name, cellOf(columns[index], row)]));
    yield { row: { id: ids[row], cells }, digest: digests[row] };
  }
}

function textOf(batch: ColumnBatch | undefined): readonly string[] {
  return batch?.type === 'utf8' ? batch.values : [];
}

/** The batch that holds a row, by bisection. */
function batchOf(ends: readonly number[], position: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle]! > position) high = middle;
    else low = middle + 1;
  }
  if (low === ends.length) throw new RangeError(`a table of ${ends.at(-1) ?? 0} rows has no row ${position}`);
  return low;
}

async function countRows(file: ArrowFile): Promise<number> {
  let count = 0;
  for (let batch = 0; batch < file.batches; batch++) count += (await file.header(batch)).rows;
  return count;
}
