import { StageFailure, type Cell, type Column } from '../kind/index.ts';
import { sizeOfShape } from './shape.ts';

/** One column of one batch. Number arrays are views of what was read. */
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
 * Makes a column of its buffers.
 *
 * @param data the values; of a sequence or text, those of the rows `offsets` speaks of.
 * @param offsets int32, one more than there are rows, where the column has them.
 */
export function decodeColumn(
  column: Column,
  rows: number,
  data: Uint8Array,
  offsets?: Uint8Array,
): ColumnBatch {
  switch (column.type) {
    case 'utf8':
      return { type: 'utf8', values: decodeText(rows, data, offsetsOf(rows, offsets)) };
    case 'bool':
      return {
        type: 'bool',
        values: Array.from({ length: rows }, (_, row) => ((data[row >> 3] >> (row & 7)) & 1) === 1),
      };
    case 'int32':
      return { type: 'int32', values: new Int32Array(data.buffer, data.byteOffset, rows) };
    case 'float64':
      return { type: 'float64', values: new Float64Array(data.buffer, data.byteOffset, rows) };
    case 'tensor': {
      const size = sizeOfShape(column.shape);
      const starts = Float64Array.from({ length: rows + 1 }, (_, row) => row * size);
      return { type: 'tensor', starts, values: new Float32Array(data.buffer, data.byteOffset, rows * size) };
    }
    case 'sequence': {
      const size = sizeOfShape(column.shape);
      const starts = Float64Array.from(offsetsOf(rows, offsets), (offset) => offset * size);
      return {
        type: 'sequence',
        starts,
        values: new Float32Array(data.buffer, data.byteOffset, starts[rows]),
      };
    }
  }
}

function offsetsOf(rows: number, offsets: Uint8Array | undefined): Int32Array {
  // A batch without rows may leave its offsets out.
  if (rows === 0) return new Int32Array(1);
  if (!offsets) throw new StageFailure('a column of lists or text has no offsets');
  return new Int32Array(offsets.buffer, offsets.byteOffset, rows + 1);
}

function decodeText(rows: number, data: Uint8Array, offsets: Int32Array): string[] {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: rows }, (_, row) => bytes.toString('utf8', offsets[row], offsets[row + 1]));
}
