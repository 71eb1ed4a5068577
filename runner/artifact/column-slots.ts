import type { Column } from '../kind/index.ts';

/** Where the buffers of a column are in the list of a batch's buffers, as the Arrow IPC format lays them out. */
export interface ColumnSlots {
  /** Index of its field node; children follow. */
  readonly node: number;
  /** Index of its offsets, if its values differ in length. */
  readonly offsets?: number;
  /** Index of the values themselves. */
  readonly data: number;
}

/** Buffers of each column kind in depth-first order: a validity buffer for every level, offsets, then data. */
const layouts = {
  flat: { nodes: 1, buffers: 2, offsets: undefined, data: 1 },
  utf8: { nodes: 1, buffers: 3, offsets: 1, data: 2 },
  tensor: { nodes: 2, buffers: 3, offsets: undefined, data: 2 },
  numbers: { nodes: 2, buffers: 4, offsets: 1, data: 3 },
  tensors: { nodes: 3, buffers: 5, offsets: 1, data: 4 },
} as const;

/** @param sequenceOfLists whether the steps of a sequence are stored as lists, not as bare numbers. */
function layoutOf(column: Column, sequenceOfLists: boolean): (typeof layouts)[keyof typeof layouts] {
  switch (column.type) {
    case 'utf8':
      return layouts.utf8;
    case 'tensor':
      return layouts.tensor;
    case 'sequence':
      return sequenceOfLists ? layouts.tensors : layouts.numbers;
    default:
      return layouts.flat;
  }
}

/** The slots of all columns of a table, in the file's order. */
export function slotsOf(columns: ReadonlyMap<string, Column>): Map<string, ColumnSlots> {
  const slots = new Map<string, ColumnSlots>();
  let node = 0;
  let buffer = 0;
  for (const [name, column] of columns) {
    const layout = layoutOf(column, column.type === 'sequence' && column.shape.length > 0);
    slots.set(name, {
      node,
      data: buffer + layout.data,
      ...(layout.offsets === undefined ? {} : { offsets: buffer + layout.offsets }),
    });
    node += layout.nodes;
    buffer += layout.buffers;
  }
  return slots;
}
