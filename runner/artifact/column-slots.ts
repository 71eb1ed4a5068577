import type { StoredColumn } from './stored-column.ts';

/** Where a column is in a batch's lists of nodes and buffers, as the Arrow IPC format lays them out. */
export interface ColumnSlots {
  /** Index of its field node; those of its children follow. */
  readonly node: number;
  /** Index of its offsets, if its values differ in length. */
  readonly offsets?: number;
  /** Index of the values themselves. */
  readonly data: number;
}

/** The slots of all columns of a table, in the file's order. */
export function slotsOf(columns: ReadonlyMap<string, StoredColumn>): Map<string, ColumnSlots> {
  const slots = new Map<string, ColumnSlots>();
  let node = 0;
  let buffer = 0;
  for (const [name, { levels, offsetBytes }] of columns) {
    // Depth first: the outermost validity, the offsets, the validity of what is inside, and at last the values.
    const hasOffsets = offsetBytes !== undefined;
    const buffers = levels + (hasOffsets ? 2 : 1);
    slots.set(name, { node, data: buffer + buffers - 1, ...(hasOffsets && { offsets: buffer + 1 }) });
    node += levels;
    buffer += buffers;
  }
  return slots;
}
