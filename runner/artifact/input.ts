import { readFile } from 'node:fs/promises';
import { StageFailure, type Columns, type InputArtifact, type Row, type Table } from '../kind/index.ts';
import { openTable, type TableFile } from './table-file.ts';

export interface InputArtifactSource {
  /** The instance that made the artifact. */
  readonly stage: string;
  /** Absolute paths by name in the artifact. */
  readonly files: ReadonlyMap<string, string>;
  readonly measurements: Readonly<Record<string, number>>;
}

/** An artifact as the stages downstream see it. Files are opened when asked for. */
export function openInputArtifact(source: InputArtifactSource): InputArtifact {
  return new StoredArtifact(source);
}

class StoredArtifact implements InputArtifact {
  readonly stage: string;
  readonly files: readonly string[];
  readonly measurements: Readonly<Record<string, number>>;
  readonly #paths: ReadonlyMap<string, string>;

  constructor({ stage, files, measurements }: InputArtifactSource) {
    this.stage = stage;
    this.files = [...files.keys()].sort();
    this.measurements = measurements;
    this.#paths = files;
  }

  path(file: string): string {
    const path = this.#paths.get(file);
    if (path !== undefined) return path;
    throw new StageFailure(`its artifact has no file ${file}`, {
      place: this.stage,
      hint: `it holds ${this.files.join(', ') || 'no files'}`,
    });
  }

  async json(file: string): Promise<unknown> {
    const text = await readFile(this.path(file), 'utf8');
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new StageFailure(`no JSON: ${(error as Error).message}`, {
        place: `${file} of ${this.stage}`,
      });
    }
  }

  table(name?: string, columns?: readonly string[]): Promise<Table> {
    return this.#withTable(name, (table) => table.read(columns));
  }

  columns(name?: string): Promise<Columns> {
    return this.#withTable(name, (table) => Promise.resolve(table.columns));
  }

  async *rows(name?: string, columns?: readonly string[]): AsyncGenerator<Row> {
    const table = await this.#open(name);
    try {
      for await (const { row } of table.rows(columns)) yield row;
    } finally {
      await table.close();
    }
  }

  async #withTable<Result>(
    name: string | undefined,
    use: (table: TableFile) => Promise<Result>,
  ): Promise<Result> {
    const table = await this.#open(name);
    try {
      return await use(table);
    } finally {
      await table.close();
    }
  }

  async #open(name = 'table'): Promise<TableFile> {
    const file = `${name}.arrow`;
    return openTable(this.path(file), `${file} of ${this.stage}`);
  }
}
