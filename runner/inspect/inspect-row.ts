import type { TableFile } from '../artifact/index.ts';
import { findRow } from './find-row.ts';
import type { RowInspection } from './inspection.ts';

/** @throws PipelineError where the table has no such row. */
export async function inspectRow(name: string, table: TableFile, id: string): Promise<RowInspection> {
  const { ids } = await table.digests();
  const [{ row, digest }] = await table.readRows([findRow(name, ids, id)]);
  return {
    table: name,
    id: row.id,
    digest,
    cells: Object.entries(table.columns).map(([column, type]) => {
      const cell = row.cells[column];
      return { name: column, column: type, value: typeof cell === 'object' ? Array.from(cell) : cell };
    }),
  };
}
