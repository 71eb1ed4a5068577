import { DataType, Precision, type Field, type Schema } from 'apache-arrow';
import { StageFailure, type Column } from '../kind/index.ts';
import { numberStorageOf, type NumberStorage } from './number-storage.ts';
import { rowColumns } from './schema.ts';
import { sizeOfShape } from './shape.ts';

/** A column as a file holds it. */
export interface StoredColumn {
  readonly column: Column;
  /** Of an int32 or float64 column. */
  readonly numbers?: NumberStorage;
  /** Bytes of each offset, where the values differ in length. Other tools like 64 bits. */
  readonly offsetBytes?: 4 | 8;
  /** Levels of nesting: a field node, and a validity buffer, for each. */
  readonly levels: 1 | 2 | 3;
}

/**
 * The columns of a table, `id` and `digest` included, in the file's order: the inverse of `schemaOf`. Of what other
 * tools write, narrower and wider numbers are taken as int32 or float64, and a list without a shape in its metadata
 * as a vector.
 *
 * @throws StageFailure where a column is of a type that tables between stages do not have, or `id` is missing.
 */
export function storedColumnsOf(name: string, schema: Schema): Map<string, StoredColumn> {
  const columns = new Map(
    schema.fields.map((field) => {
      const column = storedColumnOf(name, field);
      if (column !== undefined) return [field.name, column] as const;
      throw new StageFailure(`column ${field.name} is of the Arrow type ${String(field.type)}`, {
        place: name,
        hint: 'tables hold utf8, bool, numbers, fixed-size lists of float32, and lists of float32 or of these',
      });
    }),
  );
  for (const column of Object.keys(rowColumns)) {
    if (columns.get(column)?.column.type === 'utf8') continue;
    throw new StageFailure(`there is no utf8 column named ${column}`, {
      place: name,
      hint: 'every table of rows has `id` and `digest`, both utf8',
    });
  }
  return columns;
}

function storedColumnOf(table: string, field: Field): StoredColumn | undefined {
  const { metadata } = field;
  const type = field.type as DataType;
  const unit = metadata.get('unit');
  const withUnit = unit === undefined ? {} : { unit };
  if (DataType.isUtf8(type)) return { column: { type: 'utf8' }, offsetBytes: 4, levels: 1 };
  if (DataType.isLargeUtf8(type)) return { column: { type: 'utf8' }, offsetBytes: 8, levels: 1 };
  if (DataType.isBool(type)) return { column: { type: 'bool' }, levels: 1 };
  const numbers = numberStorageOf(table, field.name, type);
  if (numbers !== undefined) return { column: { type: numbers.type, ...withUnit }, numbers, levels: 1 };
  if (DataType.isFixedSizeList(type)) {
    const shape = shapeOfFloats(type, metadata);
    return shape === undefined ? undefined : { column: { type: 'tensor', shape, ...withUnit }, levels: 2 };
  }
  if (!DataType.isList(type) && !DataType.isLargeList(type)) return undefined;
  const step = type.children[0].type as DataType;
  const shape = isFloat32(step) ? [] : shapeOfFloats(step, metadata);
  if (shape === undefined) return undefined;
  return {
    column: { type: 'sequence', shape, ...withUnit },
    offsetBytes: DataType.isList(type) ? 4 : 8,
    levels: isFloat32(step) ? 2 : 3,
  };
}

/** The shape of a FixedSizeList<float32>; undefined for any other type, or where its metadata do not fit it. */
function shapeOfFloats(type: DataType, metadata: ReadonlyMap<string, string>): readonly number[] | undefined {
  if (!DataType.isFixedSizeList(type) || !isFloat32(type.children[0].type as DataType)) return undefined;
  const json = metadata.get('shape');
  const shape = json === undefined ? [type.listSize] : parseShape(json);
  return shape !== undefined && sizeOfShape(shape) === type.listSize ? shape : undefined;
}

function parseShape(json: string): readonly number[] | undefined {
  try {
    const shape: unknown = JSON.parse(json);
    const isShape =
      Array.isArray(shape) && shape.every((extent) => Number.isSafeInteger(extent) && extent > 0);
    return isShape ? (shape as number[]) : undefined;
  } catch {
    return undefined;
  }
}

function isFloat32(type: DataType): boolean {
  return DataType.isFloat(type) && type.precision === Precision.SINGLE;
}
