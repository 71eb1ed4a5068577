import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openTable, type TableFile } from '../../../runner/artifact/index.ts';
import { collect } from '../../support/collect.ts';
import { failureAt } from '../../support/failure-at.ts';
import { python } from '../../support/python.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const { path: interpreter, reason } = python();
const describeWithPython = interpreter === null ? describe.skip : describe;
const program = join(import.meta.dirname, 'write_tables.py');

describeWithPython(`tables that other tools wrote${reason === null ? '' : ` (${reason})`}`, () => {
  const folder = useTemporaryFolder('all');
  const ids = Array.from({ length: 5 }, (_, row) => `clip ${row}`);

  beforeAll(async () => {
    await promisify(execFile)(interpreter!, [program, dirname(folder.file('x'))]);
  });

  async function using<Result>(name: string, use: (table: TableFile) => Promise<Result>): Promise<Result> {
    const table = await openTable(folder.file(name), name);
    try {
      return await use(table);
    } finally {
      await table.close();
    }
  }

  it('may hold numbers of any width', async () => {
    await using('numbers.arrow', async (table) => {
      expect(table.count).toBe(5);
      const types = Object.entries(table.columns).map(([name, { type }]) => [name, type]);
      expect(Object.fromEntries(types)).toEqual({
        int8: 'int32',
        uint8: 'int32',
        int16: 'int32',
        uint16: 'int32',
        int32: 'int32',
        uint32: 'float64',
        int64: 'float64',
        uint64: 'float64',
        float32: 'float64',
        float64: 'float64',
        bool: 'bool',
      });
      const whole = await table.read();
      expect(whole.ids).toEqual(ids);
      for (const [name, type] of types) {
        if (type !== 'bool') expect(whole.numbers(name)).toEqual(Float64Array.of(0, 1, 2, 3, 100));
      }
      expect(whole.booleans('bool')).toEqual([true, false, true, true, false]);
      const rows = await table.readRows([3, 4, 1]);
      expect(rows.map(({ row }) => [row.id, row.cells.int64, row.cells.uint8, row.cells.bool])).toEqual([
        ['clip 3', 3, 3, true],
        ['clip 4', 100, 100, false],
        ['clip 1', 1, 1, false],
      ]);
    });
  });

  it('may hold lists, with a shape or without, and with offsets of either width', async () => {
    await using('lists.arrow', async (table) => {
      expect(table.columns).toEqual({
        features: { type: 'tensor', shape: [2, 3], unit: 'dB' },
        vector: { type: 'tensor', shape: [6] },
        ragged: { type: 'sequence', shape: [] },
        large: { type: 'sequence', shape: [] },
        steps: { type: 'sequence', shape: [2] },
      });
      const rows = await collect(table.rows());
      expect(rows.map(({ row }) => row)).toEqual(
        ids.map((id, row) => {
          const features = Float32Array.from({ length: 6 }, (_, index) => 6 * row + index);
          const ragged = new Float32Array(row).fill(0.5);
          const steps = Float32Array.from({ length: 2 * row }, (_, index) => (index % 2 === 0 ? row : 2));
          return { id, cells: { features, vector: features, ragged, large: ragged, steps } };
        }),
      );
      const { offsets, data } = (await table.read(['large'])).sequence('large');
      expect(offsets).toEqual(Int32Array.of(0, 0, 1, 3, 6, 10));
      expect(data).toEqual(new Float32Array(10).fill(0.5));
    });
  });

  it.each(['pandas.arrow', 'polars.arrow'])('may come from %s', async (name) => {
    await using(name, async (table) => {
      const whole = await table.read(['score']);
      expect(whole.ids).toEqual(ids);
      expect(whole.numbers('score')).toEqual(Float64Array.of(0, 0.25, 0.5, 0.75, 1));
    });
  });

  it.each([
    ['compressed.arrow', 'the file is compressed', 'compression=None'],
    ['no-digest.arrow', 'there is no utf8 column named digest', '`id` and `digest`'],
    ['empty-cells.arrow', 'column score has empty cells', 'fill them'],
    ['doubles.arrow', 'column vector is of the Arrow type List<Float64>', 'lists of float32'],
    ['large-number.arrow', 'column n holds 9007199254740992, which is too large', 'as text'],
    ['views.arrow', 'column text is of the Arrow type Utf8View', 'utf8'],
  ])('are refused with the way out: %s', async (name, message, way) => {
    const reading = using(name, (table) => table.read());
    await expect(reading).rejects.toThrow(failureAt(name, message));
    await expect(reading).rejects.toMatchObject({ hint: expect.stringContaining(way) });
  });
});
