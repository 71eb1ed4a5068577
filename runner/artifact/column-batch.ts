import type { Cell, Column } from '../kind/index.ts';
import { sizeOfShape } from './shape.ts';
import type { Region } from './stored-batch.ts';

/** Rows of a batch: from `start` up to, and without, `end`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** One column of some rows of a batch. Number arrays are views of what was read. */
export type ColumnBatch =
  | { readonly type: 'utf8'; readonly values: readonly string[] }
  | { readonly type: 'bool'; readonly values: readonly boolean[] }
  | { readonly type: 'int32'; readonly values: Int32Array }
  | { readonly type: 'float64'; readonly values: Float64Array }
  | FloatBatch;

/** Row `i` holds the values from `starts[i]` to `starts[i + 1]`. */
export interface FloatBatch {
  readonly type: 'tensor' | 'sequence';
  readonly starts: Float64Array;
  readonly values: Float32Array;
}

/** The cell of one row, as a value of its own that shares no memory with the batch. */
export function cellOf(batch: ColumnBatch, row: number): Cell {
  if (batch.type === 'tensor' || batch.type === 'sequence') {
    return batch.values.slice(batch.starts[row], batch.starts[row + 1]);
  }
  return batch.values[row];
}

/**
 * Where the values of some rows lie in the column's data buffer, in bytes.
 *
 * @param offsets of the rows in the values, where the column has them.
 */
export function dataRegion(column: Column, { start, end }: RowRange, offsets: Int32Array): Region {
  const bytes = (size: number, from: number, to: number): Region => ({
    offset: size * from,
    length: size * (to - from),
  });
  switch (column.type) {
    case 'utf8':
      return bytes(1, offsets.at(0) ?? 0, offsets.at(-1) ?? 0);
    case 'bool':
      return bytes(1, start >> 3, (end + 7) >> 3);
    case 'int32':
      return bytes(4, start, end);
    case 'float64':
      return bytes(8, start, end);
    case 'tensor':
      return bytes(4 * sizeOfShape(column.shape), start, end);
    case 'sequence':
      return bytes(4 * sizeOfShape(column.shape), offsets.at(0) ?? 0, offsets.at(-1) ?? 0);
  }
}

/**
 * Makes a column of what its buffers hold for some rows.
 *
 * @param data what `dataRegion` asks for.
 * @param offsets one more than there are rows, where the column has them.
 */
export function decodeColumn(
  column: Column,
  { start, end }: RowRange,
  data: Uint8Array,
  offsets: Int32Array,
): ColumnBatch {
  const rows = end - start;
  switch (column.type) {
    case 'utf8':
      return { type: 'utf8', values: decodeText(rows, data, offsets) };
    case 'bool':
      return { type: 'bool', values: decodeBits(rows, data, start % 8) };
    case 'int32':
      return { type: 'int32', values: new Int32Array(data.buffer, data.byteOffset, rows) };
    case 'float64':
      return { type: 'float64', values: new Float64Array(data.buffer, data.byteOffset, rows) };
    case 'tensor': {
      const size = sizeOfShape(column.shape);
      return { type: 'tensor', values: floats(data), starts: startsOf(rows, (row) => row * size) };
    }
    case 'sequence': {
      const size = sizeOfShape(column.shape);
      const starts = startsOf(rows, (row) => (offsets[row] - offsets[0]) * size);
      return { type: 'sequence', values: floats(data), starts };
    }
  }
}

function decodeText(rows: number, data: Uint8Array, offsets: Int32Array): string[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const first = offsets[0];
  return Array.from({ length: rows }, (_, row) =>
    bytes.toString('utf8', offsets[row] - first, offsets[row + 1] - first),
  );
}

function decodeBits(rows: number, data: Uint8Array, firstBit: number): boolean[] {
  return Array.from({ length: rows }, (_, row) => {
    const bit = firstBit + row;
    return ((data[bit >> 3] >> (bit & 7)) & 1) === 1;
  });
}

function floats(data: Uint8Array): Float32Array {
  return new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
}

/** Float64, since the values of a batch may be more than an int32 can count. */
function startsOf(rows: number, startOf: (row: number) => number): Float64Array {
  return Float64Array.from({ length: rows + 1 }, (_, row) => (rows === 0 ? 0 : startOf(row)));
}
