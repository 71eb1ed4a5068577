import type { Cells, Columns, Row } from './columns.ts';

/** How far a stage is. `values` are figures worth showing beside it, such as loss and accuracy. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly values?: Readonly<Record<string, number>>;
}

/** A whole table in memory, column by column; row `i` of every column belongs to `ids[i]`. */
export interface Table {
  readonly count: number;
  readonly columns: Columns;
  readonly ids: readonly string[];
  text(column: string): readonly string[];
  numbers(column: string): Float64Array;
  booleans(column: string): readonly boolean[];
  /** Rows × product(shape) values, row-major. */
  tensor(column: string): { readonly shape: readonly number[]; readonly data: Float32Array };
  /** Row `i` spans steps `offsets[i]` to `offsets[i + 1]`; `data` holds steps × product(shape) values. */
  sequence(column: string): {
    readonly shape: readonly number[];
    readonly offsets: Int32Array;
    readonly data: Float32Array;
  };
}

/** What a stage sees of an artifact that it takes in. All of it is covered by the artifact's digest but `measurements`. */
export interface InputArtifact {
  /** The instance that made it, e.g. `train[cnn,mfcc]`. */
  readonly stage: string;
  /** Names of its files, relative, sorted. */
  readonly files: readonly string[];
  /** Absolute path of one of its files, to be read and never written. */
  path(file: string): string;
  json(file: string): Promise<unknown>;
  /** A table read whole, or only the columns named; `name` without `.arrow`, `table` by default. */
  table(name?: string, columns?: readonly string[]): Promise<Table>;
  /** A table row by row, one record batch in memory at a time. */
  rows(name?: string, columns?: readonly string[]): AsyncIterable<Row>;
  columns(name?: string): Promise<Columns>;
  /** Wall times and the like: shown, never hashed. */
  readonly measurements: Readonly<Record<string, number>>;
}

/** Writes the rows of one table in the order given. */
export interface TableWriter {
  /** `digest` defaults to the SHA-256 of the row's cells. */
  write(id: string, cells: Cells, digest?: string): Promise<void>;
  close(): Promise<void>;
}

/** The folder of what a stage makes. Everything in it when the stage ends becomes the artifact. */
export interface Output {
  /** Absolute path for a file the stage writes itself; folders on the way are made. */
  path(file: string): string;
  json(file: string, value: unknown): Promise<void>;
  table(name: string, columns: Columns): Promise<TableWriter>;
  /** A figure such as `fitSeconds` that differs from run to run: kept with the artifact, outside its digest. */
  measure(name: string, value: number): void;
}

/** What a stage that is no row stage runs in. */
export interface StageContext<Params> {
  readonly params: Params;
  readonly inputs: Readonly<Record<string, readonly InputArtifact[]>>;
  /** The one artifact of an input declared with `one`, or with `optional` and given. */
  input(name: string): InputArtifact;
  readonly output: Output;
  /** Threads this stage may use: its `resources.cpus`. Results must not depend on it. */
  readonly threads: number;
  /** A folder that outlives a killed attempt at the same key, for checkpoints. Empty at the first attempt. */
  readonly checkpoints: string;
  progress(progress: Progress): void;
  warn(message: string): void;
  readonly signal: AbortSignal;
}

/** What a row stage is set up with, once in each worker. */
export interface RowContext<Params> {
  readonly params: Params;
  /** The columns of the input table; empty for a source. */
  readonly columns: Columns;
  /** Threads this worker may use by itself. */
  readonly threads: number;
}

/** The pure function of one row that a row stage is. */
export interface RowFunction<Input> {
  /** The columns of the output. */
  readonly columns: Columns;
  /** What a reader of the results must know, e.g. that a model's weights are random: kept as `notes.json`. */
  readonly notes?: readonly string[];
  run(row: Input): Cells | Promise<Cells>;
  close?(): void | Promise<void>;
}
