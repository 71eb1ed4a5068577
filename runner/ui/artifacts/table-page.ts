import type { TableFile } from '../../artifact/index.ts';
import type { Cell, Column } from '../../kind/index.ts';
import type { TableCell, TablePage } from '../model/artifacts.ts';
import { sent, sketchOf, type SketchSize, thumbnail } from './sketch.ts';

export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
  /** Only rows whose id has this in it. */
  readonly find: string;
}

/** Some rows of a table with their cells in small. Little more than these rows is read. */
export async function tablePage(table: TableFile, { offset, limit, find }: PageRequest): Promise<TablePage> {
  const { positions, total } =
    find === ''
      ? { positions: range(offset, Math.min(offset + limit, table.count)), total: table.count }
      : await rowsNamed(table, find, offset, limit);
  const columns = Object.entries(table.columns).map(([name, column]) => ({ name, column }));
  const rows = await table.readRows(positions);
  return {
    columns,
    offset,
    total,
    rows: rows.map(({ row }, index) => ({
      position: positions[index],
      id: row.id,
      cells: columns.map(({ name, column }) => cellOf(column, row.cells[name], thumbnail)),
    })),
  };
}

/** A cell as it is sent. */
export function cellOf(column: Column, cell: Cell, size: SketchSize): TableCell {
  if (typeof cell === 'object') return sketchOf(column, cell, size);
  // Beside the finite ones JSON has no numbers, so that these come as words.
  if (typeof cell === 'number') return sent(cell) === null ? String(cell) : cell;
  return cell;
}

/** Goes through the ids alone, a batch at a time. */
async function rowsNamed(
  table: TableFile,
  find: string,
  offset: number,
  limit: number,
): Promise<{ positions: number[]; total: number }> {
  const wanted = find.toLowerCase();
  const positions: number[] = [];
  let total = 0;
  let position = 0;
  for await (const { row } of table.rows([])) {
    if (row.id.toLowerCase().includes(wanted)) {
      if (total >= offset && positions.length < limit) positions.push(position);
      total += 1;
    }
    position += 1;
  }
  return { positions, total };
}

function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
}
