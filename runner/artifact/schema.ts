import {
  Bool,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int32,
  List,
  Schema,
  Utf8,
  type DataType,
} from 'apache-arrow';
import { StageFailure, type Column, type Columns } from '../kind/index.ts';
import { sizeOfShape } from './shape.ts';

/** The columns that every table has before those of its stage. */
export const rowColumns = { id: { type: 'utf8' }, digest: { type: 'utf8' } } as const satisfies Columns;

/**
 * The Arrow schema of a table with these columns; the mapping is the table in `runner/kind/columns.ts`.
 *
 * @throws StageFailure where a column's name or shape cannot be stored.
 */
export function schemaOf(columns: Columns, metadata: Readonly<Record<string, string>>): Schema {
  for (const [name, column] of Object.entries(columns)) checkColumn(name, column);
  const fields = Object.entries({ ...rowColumns, ...columns }).map(([name, column]) => fieldOf(name, column));
  return new Schema(fields, sortedMap(metadata));
}

function checkColumn(name: string, column: Column): void {
  if (name === '' || Object.hasOwn(rowColumns, name)) {
    throw new StageFailure(`a table cannot have a column named “${name}”`, {
      hint: '`id` and `digest` are added to every table: choose another name',
    });
  }
  if (column.type !== 'tensor' && column.type !== 'sequence') return;
  if (!column.shape.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    throw new StageFailure(`column ${name} has the shape [${column.shape.join(', ')}]`, {
      hint: 'every extent must be a whole number of at least 1',
    });
  }
}

function fieldOf(name: string, column: Column): Field {
  const metadata: Record<string, string> = {};
  if ('shape' in column) metadata.shape = JSON.stringify(column.shape);
  if ('unit' in column) metadata.unit = column.unit;
  return new Field(name, arrowTypeOf(column), false, sortedMap(metadata));
}

function arrowTypeOf(column: Column): DataType {
  switch (column.type) {
    case 'utf8':
      return new Utf8();
    case 'bool':
      return new Bool();
    case 'int32':
      return new Int32();
    case 'float64':
      return new Float64();
    case 'tensor':
      return floatListOf(sizeOfShape(column.shape));
    case 'sequence':
      return new List(new Field('item', stepTypeOf(column.shape), false));
  }
}

/** A step of a sequence: a bare number, or a list of the numbers of its tensor. */
export function stepTypeOf(shape: readonly number[]): Float32 | FixedSizeList<Float32> {
  return shape.length === 0 ? new Float32() : floatListOf(sizeOfShape(shape));
}

export function floatListOf(size: number): FixedSizeList<Float32> {
  return new FixedSizeList(size, new Field('item', new Float32(), false));
}

/** Sorted, so that the bytes of a file do not depend on the order in which metadata was put together. */
function sortedMap(record: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
