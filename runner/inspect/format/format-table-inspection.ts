import { createColors } from 'picocolors';
import type { ColumnInspection, TableInspection } from '../inspection.ts';
import type { NumberStatistics, TextStatistics } from '../statistics.ts';
import { describeColumn, unitOf } from './describe-column.ts';
import { formatBytes, formatCount, formatNumber } from './numbers.ts';
import { cut, formatTable, type TextRow } from './text-table.ts';

const header: TextRow = { cells: ['column', 'type', 'unit', 'min', 'mean', 'max', 'std', 'NaN'] };
/** Of values too many to name all. */
const examplesShown = 3;
const numberColumns = new Set([3, 4, 5, 6, 7]);

export function formatTableInspection(
  table: TableInspection,
  bytes: number,
  width: number,
  colour: boolean,
): string[] {
  const { bold, dim } = createColors(colour);
  const metadata = Object.entries(table.metadata).map(([key, value]) => `${key} ${value}`);
  const rows = `${formatCount(table.rows)} row${table.rows === 1 ? '' : 's'}`;
  const [titles, ...lines] = formatTable(
    [header, ...table.columns.flatMap(rowsOf)],
    width - 2,
    numberColumns,
  );
  return [
    cut(
      `${table.name}  ${rows} in ${formatCount(table.batches)} batch${table.batches === 1 ? '' : 'es'}, ${formatBytes(bytes)}`,
      width,
    ).replace(table.name, () => bold(table.name)),
    ...metadata.map((line) => dim(cut(`  ${line}`, width))),
    ...(table.columns.length > 0 ? [`  ${dim(titles)}`, ...lines.map((line) => `  ${line}`)] : []),
    ...(table.firstIds.length > 0
      ? [dim('  first rows'), ...table.firstIds.map((id) => cut(`  ${id}`, width))]
      : []),
  ];
}

function rowsOf({ name, column, numbers, steps, text }: ColumnInspection): TextRow[] {
  const cells = [name, describeColumn(column), unitOf(column)];
  if (text !== undefined) return [{ cells, rest: describeTexts(text) }];
  const row = { cells: [...cells, ...(numbers === undefined ? [] : formatStatistics(numbers))] };
  if (steps === undefined) return [row];
  return [row, { cells: ['', '  steps in a row', '', ...formatStatistics(steps).slice(0, 4)] }];
}

function formatStatistics({ min, mean, max, std, nan, infinite }: NumberStatistics): string[] {
  const numbers = [min, mean, max, std].map((value) => (value === null ? '–' : formatNumber(value)));
  return [
    ...numbers,
    infinite > 0 ? `${formatCount(nan)}, ${formatCount(infinite)} infinite` : formatCount(nan),
  ];
}

function describeTexts({ distinct, isCapped, common }: TextStatistics): string {
  if (distinct === 0) return 'no values';
  const count = `${isCapped ? 'more than ' : ''}${formatCount(distinct)} value${distinct === 1 ? '' : 's'}`;
  // Where no value comes twice, which ones come says nothing.
  if (common[0].count === 1 && distinct > 1) return `${count}, all different`;
  const isShort = distinct <= common.length && !isCapped;
  const shown = common.slice(0, isShort ? common.length : examplesShown);
  const list = shown.map(({ value, count: times }) => `${value} ${formatCount(times)}`).join(', ');
  return `${count}: ${list}${isShort ? '' : ', …'}`;
}
