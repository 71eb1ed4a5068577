import type { Column } from '../../kind/columns.ts';

/** The artifact of a stage in the list of artifacts. */
export interface ArtifactLine {
  readonly stage: string;
  readonly key: string;
  readonly kind: string;
  /** The run that made it. */
  readonly run: string;
  readonly files: number;
  readonly bytes: number;
  /** Whether it is what the pipeline, as it is written now, would give; unknown where that cannot be read. */
  readonly standing: 'current' | 'earlier' | 'unknown';
}

export interface ArtifactDetail extends ArtifactLine {
  readonly contents: readonly FileLine[];
  readonly measurements: Readonly<Record<string, number>>;
}

export type FileType = 'table' | 'json' | 'text' | 'image' | 'sound' | 'page' | 'other';

export interface FileLine {
  readonly name: string;
  readonly bytes: number;
  readonly type: FileType;
  /** What is wrong with it in the store. */
  readonly damage?: 'missing' | 'changed';
}

/** Some rows of a table. */
export interface TablePage {
  readonly columns: readonly { readonly name: string; readonly column: Column }[];
  readonly rows: readonly TableRow[];
  readonly offset: number;
  /** Rows in all, or of those that were asked for. */
  readonly total: number;
}

export interface TableRow {
  /** Its place in the table, counted from 0. */
  readonly position: number;
  readonly id: string;
  /** In the order of the columns. */
  readonly cells: readonly TableCell[];
}

export type TableCell = string | number | boolean | Sketch;

/** A tensor or a sequence in small. */
export type Sketch = CurveSketch | MapSketch;

/** Least and greatest of each part of a curve; as many as there are values where these are few. */
export interface CurveSketch {
  readonly type: 'curve';
  readonly low: number;
  readonly high: number;
  /** How many values it has in full. */
  readonly length: number;
  readonly least: readonly number[];
  readonly greatest: readonly number[];
}

export interface MapSketch {
  readonly type: 'map';
  readonly low: number;
  readonly high: number;
  /** Of the whole matrix. */
  readonly size: readonly [rows: number, columns: number];
  /** Of what is sent, each the mean of its part. */
  readonly rows: number;
  readonly columns: number;
  /** Row by row, from the top. Null where it is no finite number. */
  readonly values: readonly (number | null)[];
}

/** One row in full. */
export interface RowDetail {
  readonly id: string;
  readonly position: number;
  readonly total: number;
  readonly digest: string;
  readonly cells: readonly CellDetail[];
  /** Whether its kind draws rows. */
  readonly drawn: boolean;
  readonly sound?: SoundPlace;
}

/** Where the sound of a row lies: in the row itself, or in the one of the same id that it was made from. */
export interface SoundPlace {
  readonly stage: string;
  readonly key: string;
  readonly file: string;
  readonly position: number;
}

export interface CellDetail {
  readonly name: string;
  readonly column: Column;
  readonly value: TableCell;
  /** Of a tensor or sequence: statistics, and its first numbers. */
  readonly numbers?: CellNumbers;
}

export interface CellNumbers {
  readonly count: number;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
  readonly std: number | null;
  readonly notFinite: number;
  readonly first: readonly (number | null)[];
}
