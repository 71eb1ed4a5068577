import { StageFailure, type Columns, type Table } from '../kind/index.ts';

/** A column of all rows. */
export type LoadedColumn =
  | { readonly type: 'utf8'; readonly values: string[] }
  | { readonly type: 'bool'; readonly values: boolean[] }
  | { readonly type: 'int32' | 'float64'; readonly values: Float64Array }
  | LoadedTensor
  | LoadedSequence;

interface LoadedTensor {
  readonly type: 'tensor';
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface LoadedSequence {
  readonly type: 'sequence';
  readonly shape: readonly number[];
  readonly offsets: Int32Array;
  readonly data: Float32Array;
}

export class LoadedTable implements Table {
  readonly columns: Columns;
  readonly ids: readonly string[];
  readonly #name: string;
  readonly #loaded: ReadonlyMap<string, LoadedColumn>;

  constructor(
    name: string,
    columns: Columns,
    ids: readonly string[],
    loaded: ReadonlyMap<string, LoadedColumn>,
  ) {
    this.#name = name;
    this.columns = columns;
    this.ids = ids;
    this.#loaded = loaded;
  }

  get count(): number {
    return this.ids.length;
  }

  text(column: string): readonly string[] {
    return this.#find(column, 'utf8').values;
  }

  numbers(column: string): Float64Array {
    return this.#find(column, 'int32', 'float64').values;
  }

  booleans(column: string): readonly boolean[] {
    return this.#find(column, 'bool').values;
  }

  tensor(column: string): LoadedTensor {
    return this.#find(column, 'tensor');
  }

  sequence(column: string): LoadedSequence {
    return this.#find(column, 'sequence');
  }

  #find<Type extends LoadedColumn['type']>(
    column: string,
    ...types: readonly Type[]
  ): Extract<LoadedColumn, { type: Type }> {
    const loaded = this.#loaded.get(column);
    if (loaded === undefined) {
      throw new StageFailure(`no column ${column} was read`, {
        place: this.#name,
        hint: `read were ${[...this.#loaded.keys()].join(', ') || 'no columns'}`,
      });
    }
    const isWanted = (types as readonly string[]).includes(loaded.type);
    if (isWanted) return loaded as Extract<LoadedColumn, { type: Type }>;
    throw new StageFailure(`column ${column} is of type ${loaded.type}, not ${types.join(' or ')}`, {
      place: this.#name,
    });
  }
}
