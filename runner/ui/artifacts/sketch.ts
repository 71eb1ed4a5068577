import { matrixOf, part, rangeOf, shrink } from '../../inspect/matrix.ts';
import type { Column } from '../../kind/index.ts';
import type { Sketch } from '../model/artifacts.ts';

/** How much of a cell is sent. */
export interface SketchSize {
  readonly rows: number;
  readonly columns: number;
}

/** Of a row in a list, and of a row by itself. */
export const thumbnail: SketchSize = { rows: 12, columns: 72 };
export const fullSize: SketchSize = { rows: 256, columns: 900 };

/** Enough to draw by: a picture tells no more. */
const digits = 5;

/** A tensor or sequence, made small enough to be sent and drawn. */
export function sketchOf(column: Column, values: Float32Array, size: SketchSize): Sketch {
  const matrix = matrixOf(column, values);
  if (matrix === undefined) return curveOf(values, size.columns);
  const small = shrink(matrix, size.rows, size.columns);
  const range = rangeOf(small);
  const cells: (number | null)[] = [];
  for (let row = 0; row < small.rows; row++) {
    for (let at = 0; at < small.columns; at++) cells.push(sent(small.at(row, at)));
  }
  return {
    type: 'map',
    low: sent(range.low) ?? 0,
    high: sent(range.high) ?? 0,
    size: [matrix.rows, matrix.columns],
    rows: small.rows,
    columns: small.columns,
    values: cells,
  };
}

function curveOf(values: Float32Array, most: number): Sketch {
  const count = Math.min(values.length, most);
  const least: number[] = [];
  const greatest: number[] = [];
  for (let index = 0; index < count; index++) {
    const [start, end] = part(index, count, values.length);
    let [low, high] = [Infinity, -Infinity];
    for (let at = start; at < end; at++) {
      const value = values[at];
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    least.push(low <= high ? sent(low)! : 0);
    greatest.push(low <= high ? sent(high)! : 0);
  }
  return {
    type: 'curve',
    low: count === 0 ? 0 : least.reduce((a, b) => Math.min(a, b)),
    high: count === 0 ? 0 : greatest.reduce((a, b) => Math.max(a, b)),
    length: values.length,
    least,
    greatest,
  };
}

/** JSON has no other numbers than finite ones, and no zero below zero. */
export function sent(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) + 0 : null;
}
