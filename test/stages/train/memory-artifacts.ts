import { mkdirSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type {
  Cell,
  Cells,
  Columns,
  InputArtifact,
  Output,
  StageContext,
  Table,
  TableWriter,
} from '../../../runner/kind/index.ts';

interface StoredRow {
  readonly id: string;
  readonly cells: Cells;
}

interface StoredTable {
  readonly columns: Columns;
  readonly rows: StoredRow[];
}

/** A stage's output kept in memory, files it writes itself in `folder`; then an input of the next stage. */
export class MemoryArtifact implements Output {
  readonly tables = new Map<string, StoredTable>();
  readonly documents = new Map<string, unknown>();
  readonly measured = new Map<string, number>();
  readonly #stage: string;
  readonly #folder: string | undefined;

  /** Without a folder the stage cannot write files itself. */
  constructor(stage: string, folder?: string) {
    this.#stage = stage;
    this.#folder = folder;
  }

  path(file: string): string {
    if (this.#folder === undefined) throw new Error('there is no folder for files');
    const absolute = path.join(this.#folder, file);
    mkdirSync(path.dirname(absolute), { recursive: true });
    return absolute;
  }

  json(file: string, value: unknown): Promise<void> {
    this.documents.set(file, JSON.parse(JSON.stringify(value)));
    return Promise.resolve();
  }

  table(name: string, columns: Columns): Promise<TableWriter> {
    const rows: StoredRow[] = [];
    this.tables.set(name, { columns, rows });
    return Promise.resolve({
      write: (id, cells) => {
        const surplus = Object.keys(cells).filter((column) => !Object.hasOwn(columns, column));
        const missing = Object.keys(columns).filter((column) => !Object.hasOwn(cells, column));
        if (surplus.length + missing.length > 0) throw new Error(`cells ${surplus.join()} ${missing.join()}`);
        if (rows.some((row) => row.id === id)) throw new Error(`the id ${id} is not unique`);
        rows.push({ id, cells });
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    });
  }

  measure(name: string, value: number): void {
    this.measured.set(name, value);
  }

  async asInput(): Promise<InputArtifact> {
    const written = this.#folder === undefined ? [] : await readdir(this.#folder, { recursive: true });
    const stored = (name: string): StoredTable => {
      const table = this.tables.get(name);
      if (table === undefined) throw new Error(`no table ${name}`);
      return table;
    };
    const { documents, measured } = this;
    return {
      stage: this.#stage,
      files: [
        ...documents.keys(),
        ...[...this.tables.keys()].map((name) => `${name}.arrow`),
        ...written,
      ].sort(),
      path: (file) => this.path(file),
      json: async (file): Promise<unknown> =>
        documents.get(file) ?? JSON.parse(await readFile(this.path(file), 'utf8')),
      table: (name = 'table', columns) => Promise.resolve(tableOf(stored(name), columns)),
      rows: () => {
        throw new Error('not read row by row here');
      },
      columns: (name = 'table') => Promise.resolve(stored(name).columns),
      measurements: Object.fromEntries(measured),
    };
  }
}

/** A table of rows `{id, …cells}` as an input. */
export async function inputTable(
  stage: string,
  columns: Columns,
  rows: readonly (Readonly<Record<string, Cell>> & { readonly id: string })[],
): Promise<InputArtifact> {
  const artifact = new MemoryArtifact(stage);
  artifact.tables.set('table', { columns, rows: rows.map(({ id, ...cells }) => ({ id, cells })) });
  return artifact.asInput();
}

export function stageContext<Params>(
  params: Params,
  inputs: Readonly<Record<string, InputArtifact>>,
  output: Output,
  threads = 1,
): StageContext<Params> {
  return {
    params,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, artifact]) => [name, [artifact]])),
    input: (name) => inputs[name],
    output,
    threads,
    checkpoints: '/nonexistent',
    progress: () => undefined,
    warn: () => undefined,
    signal: new AbortController().signal,
  };
}

function tableOf({ columns, rows }: StoredTable, wanted: readonly string[] = Object.keys(columns)): Table {
  const cells = (column: string): Cell[] => {
    if (!wanted.includes(column)) throw new Error(`the column ${column} was not asked for`);
    return rows.map((row) => row.cells[column]);
  };
  return {
    count: rows.length,
    columns: Object.fromEntries(wanted.map((name) => [name, columns[name]])),
    ids: rows.map((row) => row.id),
    text: (column) => cells(column) as string[],
    numbers: (column) => Float64Array.from(cells(column) as number[]),
    booleans: (column) => cells(column) as boolean[],
    tensor: (column) => {
      const description = columns[column];
      if (description.type !== 'tensor') throw new Error(`${column} is no tensor`);
      return {
        shape: description.shape,
        data: Float32Array.from((cells(column) as Float32Array[]).flatMap((cell) => [...cell])),
      };
    },
    sequence: (column) => {
      const description = columns[column];
      if (description.type !== 'sequence') throw new Error(`${column} is no sequence`);
      const width = description.shape.reduce((product, size) => product * size, 1);
      const values = cells(column) as Float32Array[];
      const offsets = new Int32Array(values.length + 1);
      for (const [row, value] of values.entries()) offsets[row + 1] = offsets[row] + value.length / width;
      return {
        shape: description.shape,
        offsets,
        data: Float32Array.from(values.flatMap((cell) => [...cell])),
      };
    },
  };
}
