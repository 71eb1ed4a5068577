import { StageFailure, type Table } from '../kind/index.ts';
import type { BatchReader } from './batch-reader.ts';
import type { ColumnBatch, FloatBatch } from './column-batch.ts';
import { damagedFile } from './damaged-file.ts';
import { LoadedTable, type LoadedColumn } from './loaded-table.ts';
import { sizeOfShape } from './shape.ts';

/** Reads the columns named into memory, each into one array of its final size; one batch more is held meanwhile. */
export async function readTable(
  reader: BatchReader,
  count: number,
  names: readonly string[],
): Promise<Table> {
  const ids = new Array<string>(count);
  const loaded = new Map<string, LoadedColumn>();
  for (const name of names) loaded.set(name, await allocate(reader, count, name));
  let start = 0;
  for (let index = 0; index < reader.batches; index++) {
    const batch = await reader.batch(index);
    if (start + batch.rows > count)
      throw damagedFile(reader.name, `its batches hold more than ${count} rows`);
    const columns = await reader.read(batch, ['id', ...names]);
    fill({ type: 'utf8', values: ids }, columns[0], start);
    names.forEach((name, position) => {
      fill(loaded.get(name)!, columns[position + 1], start);
    });
    start += batch.rows;
  }
  if (start !== count) throw damagedFile(reader.name, `its batches hold ${start} rows, not ${count}`);
  const columns = Object.fromEntries(names.map((name) => [name, reader.column(name)]));
  return new LoadedTable(reader.name, columns, ids, loaded);
}

async function allocate(reader: BatchReader, count: number, name: string): Promise<LoadedColumn> {
  const column = reader.column(name);
  switch (column.type) {
    case 'utf8':
      return { type: 'utf8', values: new Array<string>(count) };
    case 'bool':
      return { type: 'bool', values: new Array<boolean>(count) };
    case 'int32':
    case 'float64':
      return { type: column.type, values: new Float64Array(count) };
    case 'tensor': {
      const { shape } = column;
      return { type: 'tensor', shape, data: floats(reader, name, count * sizeOfShape(shape)) };
    }
    case 'sequence': {
      const { shape } = column;
      const offsets = await readOffsets(reader, count, name);
      return {
        type: 'sequence',
        shape,
        offsets,
        data: floats(reader, name, offsets[count] * sizeOfShape(shape)),
      };
    }
  }
}

function floats(reader: BatchReader, name: string, length: number): Float32Array {
  try {
    return new Float32Array(length);
  } catch {
    throw new StageFailure(`column ${name} holds ${length} numbers, which do not fit into memory`, {
      place: reader.name,
      hint: 'read the table row by row',
    });
  }
}

/** The offsets of a whole column, in steps, from those of its batches. */
async function readOffsets(reader: BatchReader, count: number, name: string): Promise<Int32Array> {
  const offsets = new Int32Array(count + 1);
  let row = 0;
  for (let index = 0; index < reader.batches; index++) {
    const steps = await reader.readSteps(await reader.batch(index), name);
    for (let step = 1; step < steps.length; step++, row++) {
      const end = offsets[row] + steps[step] - steps[step - 1];
      if (end > 2 ** 31 - 1) {
        throw new StageFailure(`column ${name} has more than 2^31 steps`, {
          place: reader.name,
          hint: 'read the table row by row',
        });
      }
      offsets[row + 1] = end;
    }
  }
  if (row !== count) throw damagedFile(reader.name, `its batches hold ${row} rows, not ${count}`);
  return offsets;
}

/** Copies a batch's column to its place, which starts at this row. */
function fill(target: LoadedColumn, batch: ColumnBatch, start: number): void {
  switch (target.type) {
    case 'utf8':
    case 'bool': {
      const { values } = batch as { values: readonly (string | boolean)[] };
      for (let row = 0; row < values.length; row++) target.values[start + row] = values[row];
      break;
    }
    case 'int32':
    case 'float64':
      target.values.set((batch as { values: ArrayLike<number> }).values, start);
      break;
    case 'tensor':
      target.data.set((batch as FloatBatch).values, start * sizeOfShape(target.shape));
      break;
    case 'sequence':
      target.data.set((batch as FloatBatch).values, target.offsets[start] * sizeOfShape(target.shape));
      break;
  }
}
