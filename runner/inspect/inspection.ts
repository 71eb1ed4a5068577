import type { Column } from '../kind/index.ts';
import type { NumberStatistics, TextStatistics } from './statistics.ts';

/** What is to be known of an artifact's folder, or of one of its files. Plain values: it can be printed as JSON. */
export interface Inspection {
  readonly path: string;
  /** Sorted by name; of a folder, with the path in it. */
  readonly files: readonly FileInspection[];
  readonly tables: readonly TableInspection[];
  readonly documents: readonly DocumentInspection[];
  /** Where one row was asked for; tables and documents are then left out. */
  readonly row?: RowInspection;
}

export interface FileInspection {
  readonly name: string;
  readonly bytes: number;
}

export interface TableInspection {
  readonly name: string;
  readonly rows: number;
  readonly batches: number;
  /** Of the schema: the stage, its key and kind, … */
  readonly metadata: Readonly<Record<string, string>>;
  readonly columns: readonly ColumnInspection[];
  readonly firstIds: readonly string[];
}

export interface ColumnInspection {
  readonly name: string;
  readonly column: Column;
  /** Over every value of every row; for booleans 0 and 1. */
  readonly numbers?: NumberStatistics;
  /** Of a sequence: its number of steps in each row. */
  readonly steps?: NumberStatistics;
  readonly text?: TextStatistics;
}

/** A JSON file, as lines that tell its structure and its short values. */
export interface DocumentInspection {
  readonly name: string;
  readonly lines: readonly { readonly depth: number; readonly key: string; readonly value: string }[];
  /** Lines left out at the end. */
  readonly more: number;
}

export interface RowInspection {
  readonly table: string;
  readonly id: string;
  readonly digest: string;
  readonly cells: readonly CellInspection[];
}

export interface CellInspection {
  readonly name: string;
  readonly column: Column;
  /** Of tensors and sequences all values, row-major. */
  readonly value: string | number | boolean | readonly number[];
}
