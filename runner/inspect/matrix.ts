import { sizeOfShape } from '../artifact/index.ts';
import type { Column } from '../kind/index.ts';

/** Numbers as lines of equal length. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  at(row: number, column: number): number;
}

/**
 * How the values of a cell are looked at: as a curve where they have one axis, else as a matrix. Of a tensor the last
 * axis runs to the right and all others downwards. Of a sequence the steps run to the right and the values of a
 * step upwards, as time and frequency do in a spectrogram.
 */
export function matrixOf(column: Column, values: ArrayLike<number>): Matrix | undefined {
  if (column.type !== 'tensor' && column.type !== 'sequence') return undefined;
  const size = sizeOfShape(column.shape);
  if (column.type === 'sequence') {
    if (size === 1) return undefined;
    return {
      rows: size,
      columns: values.length / size,
      at: (row, step) => values[step * size + size - 1 - row],
    };
  }
  const columns = column.shape.at(-1) ?? 1;
  const rows = size / columns;
  // A matrix of one line or of one column is a curve.
  if (rows === 1 || columns === 1) return undefined;
  return { rows, columns, at: (row, place) => values[row * columns + place] };
}

/** A matrix of at most this size, each of whose numbers is the mean over its part of the given one. */
export function shrink(matrix: Matrix, maximumRows: number, maximumColumns: number): Matrix {
  const rows = Math.min(matrix.rows, maximumRows);
  const columns = Math.min(matrix.columns, maximumColumns);
  if (rows === matrix.rows && columns === matrix.columns) return matrix;
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[row * columns + column] = meanOf(
        matrix,
        part(row, rows, matrix.rows),
        part(column, columns, matrix.columns),
      );
    }
  }
  return { rows, columns, at: (row, column) => values[row * columns + column] };
}

/** Where the `index`-th of `count` equal parts of `length` places starts and ends; never empty if count ≤ length. */
export function part(index: number, count: number, length: number): readonly [start: number, end: number] {
  return [Math.floor((index * length) / count), Math.floor(((index + 1) * length) / count)];
}

function meanOf(
  matrix: Matrix,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number],
): number {
  let sum = 0;
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) sum += matrix.at(row, column);
  }
  return sum / ((bottom - top) * (right - left));
}

/** The least and the greatest finite number; zeros where there is none. */
export function rangeOf(matrix: Matrix): { readonly low: number; readonly high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let row = 0; row < matrix.rows; row++) {
    for (let column = 0; column < matrix.columns; column++) {
      const value = matrix.at(row, column);
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}

const fewest = 50;
const outside = 0.02;

/**
 * Between which numbers small renderings tell apart: all but the lowest and the highest 2 % where there are enough of
 * them, since a single large one, such as the first cepstral coefficient, would flatten all others.
 */
export function spreadOf(matrix: Matrix): { readonly low: number; readonly high: number } {
  const values = Float64Array.from({ length: matrix.rows * matrix.columns }, (_, index) =>
    matrix.at(Math.floor(index / matrix.columns), index % matrix.columns),
  )
    .filter(Number.isFinite)
    .sort();
  if (values.length < fewest) return rangeOf(matrix);
  const low = values[Math.ceil(outside * (values.length - 1))];
  const high = values[Math.floor((1 - outside) * (values.length - 1))];
  return low < high ? { low, high } : rangeOf(matrix);
}

/** A curve as a matrix of one row. */
export function curve(values: ArrayLike<number>): Matrix {
  return { rows: 1, columns: values.length, at: (_, column) => values[column] };
}
