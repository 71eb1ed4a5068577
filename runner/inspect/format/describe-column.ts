import type { Column } from '../../kind/index.ts';

/** The type of a column with its shape, as in `tensor 40×128` or `sequence of 768`. */
export function describeColumn(column: Column): string {
  if (column.type !== 'tensor' && column.type !== 'sequence') return column.type;
  const shape = column.shape.join('×');
  if (column.type === 'tensor') return `tensor ${shape === '' ? '1' : shape}`;
  return shape === '' ? 'sequence' : `sequence of ${shape}`;
}

export function unitOf(column: Column): string {
  return 'unit' in column ? (column.unit ?? '') : '';
}
