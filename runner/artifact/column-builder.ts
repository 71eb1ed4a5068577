import {
  Bool,
  Field,
  Float32,
  Float64,
  Int32,
  List,
  makeData,
  Utf8,
  type Data,
  type FixedSizeList,
} from 'apache-arrow';
import type { Cell, Column } from '../kind/index.ts';
import { floatListOf, stepTypeOf } from './schema.ts';
import { sizeOfShape } from './shape.ts';

/** Collects the cells of one column of one batch. Cells are copied in; they have been checked before. */
export interface ColumnBuilder {
  append(cell: Cell): void;
  /** The column so far as Arrow data, which shares the builder's memory until `reset`. */
  data(): Data;
  /** Empties the builder, keeping its memory for the next batch. */
  reset(): void;
}

/** Bytes that a cell takes in the file. Batches are cut by this measure, so it depends on the cell alone. */
export function bytesOfCell(cell: Cell): number {
  if (typeof cell === 'string') return Buffer.byteLength(cell);
  return typeof cell === 'object' ? cell.byteLength : 8;
}

export function columnBuilder(column: Column): ColumnBuilder {
  switch (column.type) {
    case 'utf8':
      return textBuilder();
    case 'bool':
      return booleanBuilder();
    case 'int32':
      return integerBuilder();
    case 'float64':
      return floatBuilder();
    case 'tensor':
      return tensorBuilder(column.shape);
    case 'sequence':
      return sequenceBuilder(column.shape);
  }
}

type Storage = Int32Array | Float32Array | Float64Array | Uint8Array;

/** An array that grows by doubling and keeps its memory when emptied. */
class Growing<Values extends Storage> {
  length = 0;
  readonly #make: (size: number) => Values;
  #values: Values;

  constructor(make: (size: number) => Values) {
    this.#make = make;
    this.#values = make(64);
  }

  /** Room for `count` more values at the end, as a view to be filled. */
  extend(count: number): Values {
    const end = this.length + count;
    if (end > this.#values.length) {
      const larger = this.#make(Math.max(end, 2 * this.#values.length));
      larger.set(this.used());
      this.#values = larger;
    }
    const view = this.#values.subarray(this.length, end) as Values;
    this.length = end;
    return view;
  }

  push(value: number): void {
    this.extend(1)[0] = value;
  }

  used(): Values {
    return this.#values.subarray(0, this.length) as Values;
  }
}

function textBuilder(): ColumnBuilder {
  const bytes = new Growing((size) => new Uint8Array(size));
  const offsets = new Growing((size) => new Int32Array(size));
  offsets.push(0);
  return {
    append(cell) {
      const text = cell as string;
      const target = bytes.extend(Buffer.byteLength(text));
      new TextEncoder().encodeInto(text, target);
      offsets.push(bytes.length);
    },
    data: () =>
      makeData({
        type: new Utf8(),
        length: offsets.length - 1,
        nullCount: 0,
        valueOffsets: offsets.used(),
        data: bytes.used(),
      }),
    reset() {
      bytes.length = 0;
      offsets.length = 1;
    },
  };
}

function booleanBuilder(): ColumnBuilder {
  const bits = new Growing((size) => new Uint8Array(size));
  let length = 0;
  return {
    append(cell) {
      if (length % 8 === 0) bits.push(0);
      if (cell === true) bits.used()[length >> 3] |= 1 << (length & 7);
      length++;
    },
    data: () => makeData({ type: new Bool(), length, nullCount: 0, data: bits.used() }),
    reset() {
      bits.length = 0;
      length = 0;
    },
  };
}

function integerBuilder(): ColumnBuilder {
  return numberBuilder(new Growing((size) => new Int32Array(size)), (data) =>
    makeData({ type: new Int32(), length: data.length, nullCount: 0, data }),
  );
}

function floatBuilder(): ColumnBuilder {
  return numberBuilder(new Growing((size) => new Float64Array(size)), (data) =>
    makeData({ type: new Float64(), length: data.length, nullCount: 0, data }),
  );
}

function numberBuilder<Values extends Int32Array | Float64Array>(
  values: Growing<Values>,
  dataOf: (values: Values) => Data,
): ColumnBuilder {
  return {
    append: (cell) => {
      values.push(cell as number);
    },
    data: () => dataOf(values.used()),
    reset() {
      values.length = 0;
    },
  };
}

function tensorBuilder(shape: readonly number[]): ColumnBuilder {
  const values = new Growing((size) => new Float32Array(size));
  return {
    append: (cell) => {
      appendFloats(values, cell);
    },
    data: () => listData(sizeOfShape(shape), values.used()),
    reset() {
      values.length = 0;
    },
  };
}

function sequenceBuilder(shape: readonly number[]): ColumnBuilder {
  const values = new Growing((size) => new Float32Array(size));
  const offsets = new Growing((size) => new Int32Array(size));
  const size = sizeOfShape(shape);
  offsets.push(0);
  return {
    append(cell) {
      appendFloats(values, cell);
      offsets.push(values.length / size);
    },
    data: () =>
      makeData({
        type: new List(new Field('item', stepTypeOf(shape), false)),
        length: offsets.length - 1,
        nullCount: 0,
        valueOffsets: offsets.used(),
        child: shape.length === 0 ? floatData(values.used()) : listData(size, values.used()),
      }),
    reset() {
      values.length = 0;
      offsets.length = 1;
    },
  };
}

function appendFloats(values: Growing<Float32Array>, cell: Cell): void {
  const floats = cell as Float32Array;
  values.extend(floats.length).set(floats);
}

function floatData(values: Float32Array): Data<Float32> {
  return makeData({ type: new Float32(), length: values.length, nullCount: 0, data: values });
}

function listData(size: number, values: Float32Array): Data<FixedSizeList<Float32>> {
  return makeData({
    type: floatListOf(size),
    length: values.length / size,
    nullCount: 0,
    child: floatData(values),
  });
}
