import { digestOfCells, openTable, recoverTable, type TableFile } from '../artifact/index.ts';
import type { Columns } from '../kind/index.ts';
import type { ReusableRows } from './job.ts';
import { type IndexedRow, readRowIndex } from './row-index.ts';
import type { RowResult } from './row-runner.ts';

interface Place {
  readonly table: TableFile;
  readonly position: number;
  readonly content: string;
}

/** Rows that were made before by the same row key, by the digest of the input row. */
export class ReuseSources {
  /** The columns of the tables; undefined where there is none. */
  readonly columns: Columns | undefined;
  readonly notes: string | undefined;
  readonly #places: ReadonlyMap<string, Place>;
  readonly #tables: readonly TableFile[];

  private constructor(
    places: ReadonlyMap<string, Place>,
    tables: readonly TableFile[],
    notes: string | undefined,
  ) {
    this.#places = places;
    this.#tables = tables;
    this.columns = tables[0]?.columns;
    this.notes = notes;
  }

  /**
   * Looks through the sources in their order, until every row wanted is found. `superseded` are those that killed
   * processes left and all of whose rows lie in sources before them.
   */
  static async open(
    sources: readonly ReusableRows[],
    wanted: ReadonlySet<string>,
  ): Promise<{ readonly reuse: ReuseSources; readonly superseded: readonly ReusableRows[] }> {
    const places = new Map<string, Place>();
    const held = new Set<string>();
    let missing = wanted.size;
    const tables: TableFile[] = [];
    const superseded: ReusableRows[] = [];
    let notes: string | undefined;
    for (const source of sources) {
      if (missing === 0 && tables.length > 0 && !source.partial) continue;
      const table = source.partial ? await recovered(source.table) : await openTable(source.table);
      const rows = table === undefined ? [] : indexOf(source).slice(0, table.count);
      if (source.partial && rows.every(({ input }) => held.has(input))) {
        superseded.push(source);
        await table?.close();
        continue;
      }
      if (table === undefined) continue;
      tables.push(table);
      notes ??= source.notes;
      for (const [position, { id, input, content }] of rows.entries()) {
        held.add(input);
        if (!wanted.has(input) || places.has(input)) continue;
        if (source.partial && !(await isWhole(table, position, id, content))) continue;
        places.set(input, { table, position, content });
        missing -= 1;
      }
    }
    return { reuse: new ReuseSources(places, tables, notes), superseded };
  }

  has(input: string): boolean {
    return this.#places.has(input);
  }

  async take(input: string): Promise<RowResult | undefined> {
    const place = this.#places.get(input);
    if (place === undefined) return undefined;
    const [found] = await place.table.readRows([place.position]);
    return { ok: true, cells: found.row.cells, content: place.content, changed: false };
  }

  async close(): Promise<void> {
    await Promise.all(this.#tables.map((table) => table.close()));
  }
}

/** Of what a killed process left, the index may be gone by now: another stage of the same rows has finished. */
function indexOf({ index, partial }: ReusableRows): IndexedRow[] {
  try {
    return readRowIndex(index);
  } catch (error) {
    if (partial) return [];
    throw error;
  }
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
