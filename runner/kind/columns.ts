/**
 * What a table's columns may be. The artifact layer maps each to one Arrow type; stages never see Arrow.
 *
 * | column     | Arrow                                        | cell in TypeScript                          |
 * | ---------- | -------------------------------------------- | ------------------------------------------- |
 * | `utf8`     | Utf8                                         | `string`                                    |
 * | `bool`     | Bool                                         | `boolean`                                   |
 * | `int32`    | Int32                                        | `number`                                    |
 * | `float64`  | Float64                                      | `number`                                    |
 * | `tensor`   | FixedSizeList<float32>, shape in metadata    | `Float32Array` of product(shape) values     |
 * | `sequence` | List<float32> or List<FixedSizeList<float32>> | `Float32Array` of steps × product(shape)    |
 */
export type Column = TextColumn | BooleanColumn | NumberColumn | TensorColumn | SequenceColumn;

export interface TextColumn {
  readonly type: 'utf8';
}

export interface BooleanColumn {
  readonly type: 'bool';
}

export interface NumberColumn {
  readonly type: 'int32' | 'float64';
  /** The unit of the values, as in `Hz`, `s` or `dB`. */
  readonly unit?: string;
}

/** A tensor of one shape for every row, row-major. */
export interface TensorColumn {
  readonly type: 'tensor';
  readonly shape: readonly number[];
  readonly unit?: string;
}

/** A sequence whose number of steps differs from row to row; each step has `shape` (`[]`: one number). */
export interface SequenceColumn {
  readonly type: 'sequence';
  readonly shape: readonly number[];
  readonly unit?: string;
}

/** The columns of a table by name. `id` and `digest` are added by the runner to every table of rows. */
export type Columns = Readonly<Record<string, Column>>;

export type Cell = string | number | boolean | Float32Array;

/** The cells of one row by column name, without `id` and `digest`. */
export type Cells = Readonly<Record<string, Cell>>;

/** A row as a stage receives it. */
export interface Row {
  /** Unique in its table: for clips, the path relative to the ingest root. */
  readonly id: string;
  readonly cells: Cells;
}
