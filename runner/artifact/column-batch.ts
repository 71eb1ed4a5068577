import type { Cell } from '../kind/index.ts';
import { sizeOfShape } from './shape.ts';
import type { Region } from './file-metadata.ts';
import type { StoredColumn } from './stored-column.ts';

/** Rows of a batch: from `start` up to, and without, `end`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** Where values of unequal length start, and where the last one ends. */
export type Offsets = Int32Array | Float64Array;

/** One column of some rows of a batch. Number arrays are views of what was read. */
export type ColumnBatch =
  | { readonly type: 'utf8'; readonly values: readonly string[] }
  | { readonly type: 'bool'; readonly values: readonly boolean[] }
  | { readonly type: 'int32' | 'float64'; readonly values: ArrayLike<number> }
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
export function dataRegion(
  { column, numbers }: StoredColumn,
  { start, end }: RowRange,
  offsets: Offsets,
): Region {
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
    case 'float64':
      return bytes(numbers!.bytes, start, end);
    case 'tensor':
      return bytes(4 * sizeOfShape(column.shape), start, end);
    case 'sequence':
      return bytes(4 * sizeOfShape(column.shape), offsets.at(0) ?? 0, offsets.at(-1) ?? 0);
  }
}

export function decodeOffsets(bytes: Uint8Array<ArrayBuffer>, offsetBytes: 4 | 8 = 4): Offsets {
  const count = bytes.byteLength / offsetBytes;
  if (offsetBytes === 4) return new Int32Array(bytes.buffer, bytes.byteOffset, count);
  return Float64Array.from(
    new BigInt64Array(bytes.buffer, bytes.byteOffset, count) as ArrayLike<bigint>,
    Number,
  );
}

/**
 * Makes a column of what its buffers hold for some rows.
 *
 * @param data what `dataRegion` asks for.
 * @param offsets one more than there are rows, where the column has them.
 */
export function decodeColumn(
  { column, numbers }: StoredColumn,
  { start, end }: RowRange,
  data: Uint8Array<ArrayBuffer>,
  offsets: Offsets,
): ColumnBatch {
  const rows = end - start;
  switch (column.type) {
    case 'utf8':
      return { type: 'utf8', values: decodeText(rows, data, offsets) };
    case 'bool':
      return { type: 'bool', values: decodeBits(rows, data, start % 8) };
    case 'int32':
    case 'float64':
      return { type: column.type, values: numbers!.decode(data, rows) };
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

function decodeText(rows: number, data: Uint8Array<ArrayBuffer>, offsets: Offsets): string[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const first = offsets[0];
  return Array.from({ length: rows }, (_, row) =>
    bytes.toString('utf8', offsets[row] - first, offsets[row + 1] - first),
  );
}

function decodeBits(rows: number, data: Uint8Array<ArrayBuffer>, firstBit: number): boolean[] {
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
