import { StageFailure, type Column, type Table } from '../kind/index.ts';
import type { ColumnBatch, FloatBatch } from './column-batch.ts';
import { sizeOfShape } from './shape.ts';
import type { BatchSource } from './table-file.ts';

/** A column in memory. */
type Loaded =
  | { readonly type: 'utf8'; readonly values: string[] }
  | { readonly type: 'bool'; readonly values: boolean[] }
  | { readonly type: 'int32' | 'float64'; readonly values: Float64Array }
  | { readonly type: 'tensor'; readonly shape: readonly number[]; readonly data: Float32Array }
  | {
      readonly type: 'sequence';
      readonly shape: readonly number[];
      readonly offsets: Int32Array;
      readonly data: Float32Array;
    };

/** Reads the columns named into memory, each into one array of its final size; one batch more is held meanwhile. */
export async function readTable(source: BatchSource, names: readonly string[]): Promise<Table> {
  const ids: string[] = [];
  const loaded = new Map<string, Loaded>();
  for (const name of names) loaded.set(name, await allocate(source, name));
  let start = 0;
  for (let batch = 0; batch < source.batches; batch++) {
    const { rows, columns } = await source.readColumns(batch, ['id', ...names]);
    if (columns[0].type === 'utf8') ids.push(...columns[0].values);
    names.forEach((name, index) => {
      fill(loaded.get(name)!, columns[index + 1], start);
    });
    start += rows;
  }
  return new LoadedTable(ids, Object.fromEntries(names.map((name) => [name, source.column(name)])), loaded);
}

async function allocate(source: BatchSource, name: string): Promise<Loaded> {
  const column = source.column(name);
  const { count } = source;
  switch (column.type) {
    case 'utf8':
      return { type: 'utf8', values: [] };
    case 'bool':
      return { type: 'bool', values: [] };
    case 'int32':
    case 'float64':
      return { type: column.type, values: new Float64Array(count) };
    case 'tensor': {
      const { shape } = column;
      return { type: 'tensor', shape, data: new Float32Array(count * sizeOfShape(shape)) };
    }
    case 'sequence': {
      const { shape } = column;
      const offsets = await readOffsets(source, name);
      return {
        type: 'sequence',
        shape,
        offsets,
        data: new Float32Array(offsets[count] * sizeOfShape(shape)),
      };
    }
  }
}

/** The offsets of a whole column, in steps, from those of its batches. */
async function readOffsets(source: BatchSource, name: string): Promise<Int32Array> {
  const offsets = new Int32Array(source.count + 1);
  let row = 0;
  for (let batch = 0; batch < source.batches; batch++) {
    const steps = await source.readSteps(batch, name);
    for (let index = 1; index < steps.length; index++, row++) {
      const end = offsets[row] + steps[index] - steps[index - 1];
      if (end > 2 ** 31 - 1) {
        throw new StageFailure(`column ${name} has more than 2^31 steps`, { hint: 'read it row by row' });
      }
      offsets[row + 1] = end;
    }
  }
  return offsets;
}

function fill(target: Loaded, batch: ColumnBatch, start: number): void {
  if (target.type === 'utf8') target.values.push(...(batch as { values: readonly string[] }).values);
  else if (target.type === 'bool') target.values.push(...(batch as { values: readonly boolean[] }).values);
  else if (target.type === 'tensor')
    target.data.set((batch as FloatBatch).values, start * sizeOfShape(target.shape));
  else if (target.type === 'sequence') {
    const { starts, values } = batch as FloatBatch;
    target.data.set(values.subarray(starts[0]), target.offsets[start] * sizeOfShape(target.shape));
  } else target.values.set((batch as { values: Int32Array | Float64Array }).values, start);
}

class LoadedTable implements Table {
  readonly ids: readonly string[];
  readonly columns: Readonly<Record<string, Column>>;
  readonly #loaded: ReadonlyMap<string, Loaded>;

  constructor(
    ids: readonly string[],
    columns: Readonly<Record<string, Column>>,
    loaded: Map<string, Loaded>,
  ) {
    this.ids = ids;
    this.columns = columns;
    this.#loaded = loaded;
  }

  get count(): number {
    return this.ids.length;
  }

  text(column: string): readonly string[] {
    const loaded = this.#find(column);
    return loaded.type === 'utf8' ? loaded.values : this.#mistaken(column, 'text');
  }

  numbers(column: string): Float64Array {
    const loaded = this.#find(column);
    return loaded.type === 'int32' || loaded.type === 'float64'
      ? loaded.values
      : this.#mistaken(column, 'numbers');
  }

  booleans(column: string): readonly boolean[] {
    const loaded = this.#find(column);
    return loaded.type === 'bool' ? loaded.values : this.#mistaken(column, 'booleans');
  }

  tensor(column: string): { readonly shape: readonly number[]; readonly data: Float32Array } {
    const loaded = this.#find(column);
    return loaded.type === 'tensor' ? loaded : this.#mistaken(column, 'tensor');
  }

  sequence(column: string): {
    readonly shape: readonly number[];
    readonly offsets: Int32Array;
    readonly data: Float32Array;
  } {
    const loaded = this.#find(column);
    return loaded.type === 'sequence' ? loaded : this.#mistaken(column, 'sequence');
  }

  #find(column: string): Loaded {
    const loaded = this.#loaded.get(column);
    if (loaded) return loaded;
    throw new StageFailure(`the table has no column ${column}`, {
      hint: `its columns are ${Object.keys(this.columns).join(', ') || 'none'}`,
    });
  }

  #mistaken(column: string, wanted: string): never {
    throw new StageFailure(
      `column ${column} is of type ${this.#find(column).type}: it cannot be read as ${wanted}`,
    );
  }
}
