import { DataType, Precision, type Schema } from 'apache-arrow';
import { StageFailure, type Column } from '../kind/index.ts';
import { rowColumns } from './schema.ts';
import { sizeOfShape } from './shape.ts';

/**
 * The columns of a stored table, `id` and `digest` included, in the file's order: the inverse of `schemaOf`. A
 * list without a shape in its metadata, as another tool writes it, is a vector.
 *
 * @throws StageFailure where a column is of a type that tables between stages do not have, or `id` is missing.
 */
export function storedColumnsOf(name: string, schema: Schema): Map<string, Column> {
  const columns = new Map(
    schema.fields.map((field) => {
      const column = columnOf(field.type as DataType, field.metadata);
      if (column !== undefined) return [field.name, column] as const;
      throw new StageFailure(`column ${field.name} is of the Arrow type ${String(field.type)}`, {
        place: name,
        hint: 'tables hold utf8, bool, int32, float64, fixed-size lists of float32 and lists of these',
      });
    }),
  );
  for (const column of Object.keys(rowColumns)) {
    if (columns.get(column)?.type === 'utf8') continue;
    throw new StageFailure(`there is no utf8 column named ${column}`, {
      place: name,
      hint: 'every table of rows has `id` and `digest`, both utf8',
    });
  }
  return columns;
}

function columnOf(type: DataType, metadata: ReadonlyMap<string, string>): Column | undefined {
  const unit = metadata.get('unit');
  const withUnit = unit === undefined ? {} : { unit };
  if (DataType.isUtf8(type)) return { type: 'utf8' };
  if (DataType.isBool(type)) return { type: 'bool' };
  if (DataType.isInt(type) && type.isSigned && type.bitWidth === 32) return { type: 'int32', ...withUnit };
  if (isFloat(type, Precision.DOUBLE)) return { type: 'float64', ...withUnit };
  const size = sizeOfFloatList(type);
  if (size !== undefined) return shaped('tensor', size, metadata, withUnit);
  if (!DataType.isList(type)) return undefined;
  const step = type.children[0].type as DataType;
  if (isFloat(step, Precision.SINGLE)) return { type: 'sequence', shape: [], ...withUnit };
  const stepSize = sizeOfFloatList(step);
  return stepSize === undefined ? undefined : shaped('sequence', stepSize, metadata, withUnit);
}

function shaped(
  type: 'tensor' | 'sequence',
  size: number,
  metadata: ReadonlyMap<string, string>,
  withUnit: { unit?: string },
): Column | undefined {
  const shape = metadata.has('shape') ? shapeOf(metadata.get('shape')!) : [size];
  return shape !== undefined && sizeOfShape(shape) === size ? { type, shape, ...withUnit } : undefined;
}

function shapeOf(json: string): readonly number[] | undefined {
  try {
    const shape: unknown = JSON.parse(json);
    return Array.isArray(shape) && shape.every((extent) => Number.isSafeInteger(extent)) ? shape : undefined;
  } catch {
    return undefined;
  }
}

/** The size of a FixedSizeList<float32>; undefined for any other type. */
function sizeOfFloatList(type: DataType): number | undefined {
  if (!DataType.isFixedSizeList(type)) return undefined;
  return isFloat(type.children[0].type as DataType, Precision.SINGLE) ? type.listSize : undefined;
}

function isFloat(type: DataType, precision: Precision): boolean {
  return DataType.isFloat(type) && type.precision === precision;
}
