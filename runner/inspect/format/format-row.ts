import { createColors } from 'picocolors';
import { sizeOfShape } from '../../artifact/index.ts';
import type { CellInspection, RowInspection } from '../inspection.ts';
import { matrixOf } from '../matrix.ts';
import { describeColumn, unitOf } from './describe-column.ts';
import { formatCount, formatNumbers } from './numbers.ts';
import { renderColourMap, renderCurve, renderHeatMap } from './renderings.ts';
import { cut, formatTable } from './text-table.ts';

export function formatRow(row: RowInspection, width: number, colour: boolean): string[] {
  const { bold, dim } = createColors(colour);
  const scalars = row.cells.filter(({ value }) => typeof value !== 'object');
  const tensors = row.cells.filter(({ value }) => typeof value === 'object');
  const lines = scalars.map(({ name, column, value }) => ({
    cells: [name],
    rest: `${String(value)} ${unitOf(column)}`.trimEnd(),
  }));
  return [
    bold(cut(row.id, width)),
    dim(cut(`  of ${row.table}, digest ${row.digest}`, width)),
    ...(lines.length === 0 ? [] : formatTable(lines, width - 2).map((line) => `  ${line}`)),
    ...tensors.flatMap((cell) =>
      formatTensor(cell, width - 4, colour).map((line, index) => `  ${index === 0 ? line : `  ${line}`}`),
    ),
  ];
}

function formatTensor({ name, column, value }: CellInspection, width: number, colour: boolean): string[] {
  const { bold } = createColors(colour);
  const values = value as readonly number[];
  const unit = unitOf(column);
  const size = 'shape' in column ? sizeOfShape(column.shape) : 1;
  const steps = column.type === 'sequence' ? `, ${formatCount(values.length / size)} steps` : '';
  const matrix = matrixOf(column, values);
  const picture =
    matrix === undefined
      ? renderCurve(values, width)
      : (colour ? renderColourMap : renderHeatMap)(matrix, width);
  return [
    cut(`${name}  ${describeColumn(column)}${steps}${unit === '' ? '' : `, ${unit}`}`, width).replace(
      name,
      () => bold(name),
    ),
    formatNumbers(values, width),
    ...(values.length > 1 ? picture : []),
  ];
}
