import { DataType, Precision } from 'apache-arrow';
import { StageFailure } from '../kind/index.ts';

/** How numbers of a column lie in a file. Our own are int32 and float64; other tools have more. */
export interface NumberStorage {
  /** The type of column that holds all such numbers. */
  readonly type: 'int32' | 'float64';
  readonly bytes: 1 | 2 | 4 | 8;
  /** @throws StageFailure where a number is beyond what a float64 holds exactly. */
  decode(data: Uint8Array<ArrayBuffer>, count: number): ArrayLike<number>;
}

const storages = {
  int8: storage('int32', Int8Array),
  uint8: storage('int32', Uint8Array),
  int16: storage('int32', Int16Array),
  uint16: storage('int32', Uint16Array),
  int32: storage('int32', Int32Array),
  uint32: storage('float64', Uint32Array),
  float32: storage('float64', Float32Array),
  float64: storage('float64', Float64Array),
} as const satisfies Record<string, NumberStorage>;

/**
 * Undefined for a type that is no number, or one of too few bits to be of use.
 *
 * @param table what errors call the table.
 */
export function numberStorageOf(table: string, column: string, type: DataType): NumberStorage | undefined {
  if (DataType.isInt(type)) {
    if (type.bitWidth === 64)
      return wideStorage(type.isSigned ? BigInt64Array : BigUint64Array, table, column);
    return storages[`${type.isSigned ? 'int' : 'uint'}${type.bitWidth}`];
  }
  if (!DataType.isFloat(type) || type.precision === Precision.HALF) return undefined;
  return type.precision === Precision.SINGLE ? storages.float32 : storages.float64;
}

type NumberArray =
  | typeof Int8Array
  | typeof Uint8Array
  | typeof Int16Array
  | typeof Uint16Array
  | typeof Int32Array
  | typeof Uint32Array
  | typeof Float32Array
  | typeof Float64Array;

function storage(type: NumberStorage['type'], Values: NumberArray): NumberStorage {
  return {
    type,
    bytes: Values.BYTES_PER_ELEMENT as NumberStorage['bytes'],
    decode: (data, count) => new Values(data.buffer, data.byteOffset, count),
  };
}

function wideStorage(
  Values: typeof BigInt64Array | typeof BigUint64Array,
  table: string,
  column: string,
): NumberStorage {
  const exactly = (value: bigint): number => {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw new StageFailure(`column ${column} holds ${value}, which is too large to be read exactly`, {
      place: table,
      hint: 'numbers between stages lie within ±(2^53 - 1): store larger ones as text',
    });
  };
  return {
    type: 'float64',
    bytes: 8,
    decode: (data, count) =>
      Float64Array.from(new Values(data.buffer, data.byteOffset, count) as ArrayLike<bigint>, exactly),
  };
}
