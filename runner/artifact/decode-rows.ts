import type { Row } from '../kind/index.ts';
import type { BatchReader } from './batch-reader.ts';
import { cellOf, type RowRange } from './column-batch.ts';
import { rowColumns } from './schema.ts';
import type { StoredBatch } from './stored-batch.ts';

export interface DigestedRow {
  readonly row: Row;
  readonly digest: string;
}

/** The rows of a batch, or some of them, with the cells of the columns named. */
export async function decodeRows(
  reader: BatchReader,
  batch: StoredBatch,
  names: readonly string[],
  range?: RowRange,
): Promise<DigestedRow[]> {
  const columns = await reader.read(batch, [...Object.keys(rowColumns), ...names], range);
  const [ids, digests, ...cells] = columns;
  const rows = range === undefined ? batch.rows : range.end - range.start;
  return Array.from({ length: rows }, (_, row) => ({
    row: {
      id: cellOf(ids, row) as string,
      cells: Object.fromEntries(names.map((name, position) => [name, cellOf(cells[position], row)])),
    },
    digest: cellOf(digests, row) as string,
  }));
}
