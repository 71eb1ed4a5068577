import { pathToFileURL } from 'node:url';
import { digestOfCells, openTable, type TableFile } from '../artifact/index.ts';
import { sameStamp, type Stamp, stampPath } from '../fingerprint/stat.ts';
import type { Cells, Columns, Kind, Row, RowFunction, SourceRow } from '../kind/index.ts';
import { failureOf } from './failure.ts';
import type { JobFailure } from './job.ts';

/** A row that a worker is asked for: of the input table by its place, or of a source by its file. */
export interface RowTask {
  readonly id: string;
  readonly position: number;
  readonly source?: { readonly row: SourceRow; readonly stamp: Stamp };
}

export type RowResult =
  | {
      readonly ok: true;
      readonly cells: Cells;
      readonly content: string;
      /** The source's file was another when it had been read than when it was hashed. */
      readonly changed: boolean;
    }
  | { readonly ok: false; readonly failure: JobFailure };

export interface RowRunnerOptions {
  readonly bundle: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly threads: number;
  /** The input table; null for a source. */
  readonly table: string | null;
}

/** A row function set up once, and the input table it reads from: what one worker holds. */
export class RowRunner {
  readonly columns: Columns;
  readonly notes: readonly string[];
  readonly #run: RowFunction<Row | SourceRow>;
  readonly #table: TableFile | null;

  private constructor(run: RowFunction<Row | SourceRow>, table: TableFile | null) {
    this.#run = run;
    this.#table = table;
    this.columns = run.columns;
    this.notes = run.notes ?? [];
  }

  static async create(options: RowRunnerOptions): Promise<RowRunner> {
    // Each thread has this switch for itself.
    process.setSourceMapsEnabled(true);
    const { default: kind } = (await import(pathToFileURL(options.bundle).href)) as { default: Kind };
    if (kind.type === 'run') throw new Error(`${kind.name} is no row kind`);
    const table = options.table === null ? null : await openTable(options.table);
    const implementation = await kind.load();
    const run = await implementation.setup({
      params: options.params,
      columns: table?.columns ?? {},
      threads: options.threads,
    });
    return new RowRunner(run, table);
  }

  async run(tasks: readonly RowTask[]): Promise<RowResult[]> {
    const results: RowResult[] = [];
    const rows =
      this.#table === null ? null : await this.#table.readRows(tasks.map(({ position }) => position));
    for (const [at, task] of tasks.entries()) {
      try {
        const cells = await this.#run.run(task.source === undefined ? rows![at].row : task.source.row);
        const content = digestOfCells(task.id, this.columns, cells);
        const { source } = task;
        const changed = source !== undefined && !sameStamp(source.stamp, stampPath(source.row.file.path));
        results.push({ ok: true, cells, content, changed });
      } catch (error) {
        results.push({ ok: false, failure: failureOf(error, task.id) });
      }
    }
    return results;
  }

  async close(): Promise<void> {
    await this.#run.close?.();
    await this.#table?.close();
  }
}
