import fc from 'fast-check';
import type { Cell, Cells, Column, Columns } from '../../../runner/kind/index.ts';

export interface ArbitraryTable {
  readonly columns: Columns;
  readonly rows: readonly { readonly id: string; readonly cells: Cells }[];
}

const shape = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
const unit = fc.option(fc.constantFrom('Hz', 's', 'dB'), { nil: undefined });
const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });
const text = fc.string({ unit: 'grapheme', maxLength: 12 });

const column: fc.Arbitrary<Column> = fc.oneof(
  fc.constant<Column>({ type: 'utf8' }),
  fc.constant<Column>({ type: 'bool' }),
  fc.record({ type: fc.constantFrom('int32', 'float64'), unit }).map(withoutUndefined),
  fc.record({ type: fc.constantFrom('tensor', 'sequence'), shape, unit }).map(withoutUndefined),
);

function withoutUndefined(value: object): Column {
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined),
  ) as unknown as Column;
}

function cell(of: Column): fc.Arbitrary<Cell> {
  switch (of.type) {
    case 'utf8':
      return text;
    case 'bool':
      return fc.boolean();
    case 'int32':
      return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    case 'float64':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'tensor':
      return floats(size(of.shape), 1, 1);
    case 'sequence':
      return floats(size(of.shape), 0, 5);
  }
}

function size(extents: readonly number[]): number {
  return extents.reduce((product, extent) => product * extent, 1);
}

function floats(stepSize: number, minSteps: number, maxSteps: number): fc.Arbitrary<Float32Array> {
  return fc
    .integer({ min: minSteps, max: maxSteps })
    .chain((steps) => fc.array(float32, { minLength: steps * stepSize, maxLength: steps * stepSize }))
    .map((values) => Float32Array.from(values));
}

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((key) => key !== 'id' && key !== 'digest');

/** Tables of any columns and rows that can be stored. */
export const arbitraryTable: fc.Arbitrary<ArbitraryTable> = fc
  .uniqueArray(fc.tuple(name, column), { maxLength: 6, selector: ([key]) => key })
  .chain((entries) => {
    // Without a prototype a column may be called `__proto__`, as in any other record made by fromEntries.
    const columns = Object.fromEntries(entries) as Columns;
    const cells = fc.tuple(...entries.map(([key, of]) => cell(of).map((value) => [key, value] as const)));
    const row = fc.record({
      id: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      cells: cells.map((pairs) => Object.fromEntries(pairs) as Cells),
    });
    return fc
      .uniqueArray(row, { maxLength: 20, selector: ({ id }) => id })
      .map((rows) => ({ columns, rows }));
  });
