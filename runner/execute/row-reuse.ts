import { existsSync } from 'node:fs';
import {
  digestOfCells,
  type EncodedBatch,
  openTable,
  recoverTable,
  type TableFile,
} from '../artifact/index.ts';
import type { Columns } from '../kind/index.ts';
import { DigestIndex } from '../packed/digest-index.ts';
import { PlaceIndex } from '../packed/place-index.ts';
import { Records } from '../packed/records.ts';
import type { ReusableRows } from './job.ts';
import { type IndexedRow, rowsOfIndex } from './row-index.ts';
import type { RowList } from './row-list.ts';
import type { RowResult } from './row-runner.ts';

/** Rows that were made before by the same row key, by their places in the list of those that are wanted now. */
export class ReuseSources {
  /** The columns of the tables; undefined where there is none. */
  readonly columns: Columns | undefined;
  readonly notes: string | undefined;
  readonly #wanted: RowList;
  readonly #found: FoundRows;
  readonly #tables: readonly EarlierTable[];

  private constructor(
    wanted: RowList,
    found: FoundRows,
    tables: readonly EarlierTable[],
    notes: string | undefined,
  ) {
    this.#wanted = wanted;
    this.#found = found;
    this.#tables = tables;
    this.columns = tables[0]?.table.columns;
    this.notes = notes;
  }

  /**
   * Looks through the sources in their order, until every row wanted is found. `superseded` are those that killed
   * processes left and all of whose rows lie in sources before them.
   *
   * @param spill a folder for what does not fit into memory.
   */
  static async open(
    sources: readonly ReusableRows[],
    wanted: RowList,
    spill: string,
  ): Promise<{ readonly reuse: ReuseSources; readonly superseded: readonly ReusableRows[] }> {
    const found = new FoundRows(sources.length === 0 ? undefined : wanted, spill);
    /** Inputs of all rows before, which are asked for only where something was left. */
    const held = sources.some(({ partial }) => partial) ? new DigestIndex() : undefined;
    const tables: EarlierTable[] = [];
    const superseded: ReusableRows[] = [];
    let notes: string | undefined;
    for (const source of sources) {
      if (found.missing === 0 && tables.length > 0 && !source.partial) continue;
      const table = source.partial ? await recovered(source.table) : await openTable(source.table);
      const count = table?.count ?? 0;
      if (source.partial && allHeld(source, count, held!)) {
        superseded.push(source);
        await table?.close();
        continue;
      }
      if (table === undefined) continue;
      tables.push({ table, partial: source.partial });
      notes ??= source.notes;
      let position = 0;
      for (const { id, input, content } of indexOf(source)) {
        if (position === count) break;
        held?.add(input);
        if (found.isMissing(input) && (!source.partial || (await isWhole(table, position, id, content)))) {
          found.add(input, { table: tables.length - 1, position, content });
        }
        position += 1;
      }
    }
    return { reuse: new ReuseSources(wanted, found, tables, notes), superseded };
  }

  has(at: number): boolean {
    return this.#found.has(at);
  }

  async take(at: number): Promise<RowResult | undefined> {
    const place = this.#found.get(at);
    if (place === undefined) return undefined;
    const [found] = await this.#tables[place.table].table.readRows([place.position]);
    return { ok: true, cells: found.row.cells, content: place.content, changed: false };
  }

  /**
   * Where the rows from one place on were made before as a batch that stood at the same place: the batch, and digests
   * of what its rows hold.
   */
  async batchAt(
    at: number,
  ): Promise<{ readonly batch: EncodedBatch; readonly contents: readonly string[] } | undefined> {
    const first = this.#found.get(at);
    if (first?.position !== at) return undefined;
    const { table, partial } = this.#tables[first.table];
    // Of what a killed process left, only cells have been looked at, and a batch has more than these.
    if (partial) return undefined;
    const batch = await table.batchAt(at);
    if (batch === undefined || at + batch.rows > this.#wanted.length) return undefined;
    const contents = [first.content];
    for (let next = at + 1; next < at + batch.rows; next += 1) {
      const place = this.#found.get(next);
      if (place?.position !== next || place.table !== first.table) return undefined;
      contents.push(place.content);
    }
    return { batch, contents };
  }

  async close(): Promise<void> {
    await Promise.all(this.#tables.map(({ table }) => table.close()));
  }
}

interface EarlierTable {
  readonly table: TableFile;
  /** Left by a process that was killed. */
  readonly partial: boolean;
}

interface Place {
  /** The table's number. */
  readonly table: number;
  readonly position: number;
  readonly content: string;
}

/** In a record: the table, the position, the digest of what the row holds. */
const positionStart = 4;
const contentStart = positionStart + 4;
const foundBytes = contentStart + 32;

const nowhere = -1;

/** Where the wanted rows were found. */
class FoundRows {
  /** By the digests of their inputs, of several rows of one input the first. */
  readonly #wanted: PlaceIndex;
  /** For each row the first of its input. */
  readonly #firsts: Uint32Array;
  /** For each row that is the first of its input, the number of its record. */
  readonly #records: Int32Array;
  readonly #found: Records;
  missing: number;

  constructor(wanted: RowList | undefined, spill: string) {
    const count = wanted?.length ?? 0;
    this.#wanted = new PlaceIndex(count, (row) => wanted!.input(row), hashOfDigest);
    this.#firsts = new Uint32Array(count);
    for (let row = 0; row < count; row += 1) this.#firsts[row] = this.#wanted.add(wanted!.input(row), row);
    this.#records = new Int32Array(count).fill(nowhere);
    this.#found = new Records(spill);
    this.missing = this.#wanted.size;
  }

  isMissing(input: string): boolean {
    const row = this.#wanted.find(input);
    return row !== undefined && this.#records[row] === nowhere;
  }

  add(input: string, { table, position, content }: Place): void {
    this.#records[this.#wanted.find(input)!] = this.#found.length;
    this.#found.add(foundBytes, (bytes) => {
      bytes.writeUInt32LE(table);
      bytes.writeUInt32LE(position, positionStart);
      return contentStart + bytes.write(content, contentStart, 'hex');
    });
    this.missing -= 1;
  }

  has(row: number): boolean {
    return row < this.#firsts.length && this.#records[this.#firsts[row]] !== nowhere;
  }

  get(row: number): Place | undefined {
    if (!this.has(row)) return undefined;
    const record = this.#found.get(this.#records[this.#firsts[row]]);
    return {
      table: record.readUInt32LE(),
      position: record.readUInt32LE(positionStart),
      content: record.toString('hex', contentStart),
    };
  }
}

/** A digest is as good as random: some of its bits are a hash. */
function hashOfDigest(digest: string): number {
  return Number.parseInt(digest.slice(0, 8), 16) | 0;
}

function allHeld(source: ReusableRows, count: number, held: DigestIndex): boolean {
  let position = 0;
  for (const { input } of indexOf(source)) {
    if (position === count) break;
    if (!held.has(input)) return false;
    position += 1;
  }
  return true;
}

/** Of what a killed process left, the index may be gone by now: another stage of the same rows has finished. */
function* indexOf({ index, partial }: ReusableRows): Generator<IndexedRow> {
  if (partial && !existsSync(index)) return;
  yield* rowsOfIndex(index);
}

async function recovered(path: string): Promise<TableFile | undefined> {
  try {
    return await recoverTable(path);
  } catch {
    // Not even its schema was written: there is nothing in it.
    return undefined;
  }
}

/** After a crash of the machine a file may have its length but not its content. */
async function isWhole(table: TableFile, position: number, id: string, content: string): Promise<boolean> {
  const [found] = await table.readRows([position]);
  return found.row.id === id && digestOfCells(id, table.columns, found.row.cells) === content;
}
