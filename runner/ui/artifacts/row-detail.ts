import type { TableFile } from '../../artifact/index.ts';
import type { CacheEntry } from '../../cache/entry.ts';
import { RunningStatistics } from '../../inspect/statistics.ts';
import type { CellNumbers, RowDetail } from '../model/artifacts.ts';
import { notFound } from '../server/request-error.ts';
import type { ArtifactStore } from './artifact-store.ts';
import type { RowKinds } from './row-kinds.ts';
import { fullSize, sent } from './sketch.ts';
import { cellOf } from './table-page.ts';

const firstNumbers = 256;

/** All that there is to see of one row. */
export async function rowDetail(
  store: ArtifactStore,
  kinds: RowKinds,
  entry: CacheEntry,
  file: string,
  position: number,
): Promise<RowDetail> {
  return store.withTable(entry, file, async (table) => {
    checkRow(table, file, position);
    const [{ row, digest }] = await table.readRows([position]);
    const sound = await kinds.soundOf(entry, file, row.id, position);
    return {
      id: row.id,
      position,
      total: table.count,
      digest,
      cells: Object.entries(table.columns).map(([name, column]) => {
        const cell = row.cells[name];
        return {
          name,
          column,
          value: cellOf(column, cell, fullSize),
          ...(typeof cell === 'object' && { numbers: numbersOf(cell) }),
        };
      }),
      drawn: await kinds.draws(entry, file),
      ...(sound !== undefined && { sound }),
    };
  });
}

/** @throws RequestError where a table has no such row. */
export function requireRow(
  store: ArtifactStore,
  entry: CacheEntry,
  file: string,
  position: number,
): Promise<void> {
  return store.withTable(entry, file, (table) => {
    checkRow(table, file, position);
    return Promise.resolve();
  });
}

function checkRow(table: TableFile, file: string, position: number): void {
  if (position < table.count) return;
  throw notFound(`${file} has ${table.count} rows; there is none at ${position}, counted from 0`);
}

function numbersOf(values: Float32Array): CellNumbers {
  const statistics = new RunningStatistics();
  statistics.add(values);
  const { count, nan, infinite, min, mean, max, std } = statistics.result();
  const first = Array.from(values.subarray(0, firstNumbers), sent);
  return { count: count + nan + infinite, min, mean, max, std, notFinite: nan + infinite, first };
}
