import stringWidth from 'string-width';

/** A line of a table: its cells, and behind them a text that belongs to no column. */
export interface TextRow {
  readonly cells: readonly string[];
  readonly rest?: string;
}

const gap = 2;

/**
 * Lines of a table with its columns aligned, cut to a width.
 *
 * @param right the columns that are aligned to the right, as numbers are.
 */
export function formatTable(
  rows: readonly TextRow[],
  width: number,
  right: ReadonlySet<number> = new Set(),
): string[] {
  const count = Math.max(...rows.map(({ cells }) => cells.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map(({ cells }) => stringWidth(cells[column] ?? ''))),
  );
  return rows.map(({ cells, rest }) => {
    const padded = cells.map((cell, column) => {
      const padding = ' '.repeat(widths[column] - stringWidth(cell));
      return right.has(column) ? padding + cell : cell + padding;
    });
    const parts = rest === undefined ? padded : [...padded, rest];
    return cut(parts.join(' '.repeat(gap)).trimEnd(), width);
  });
}

/** The beginning of a text that fits into the width, with … where something is left out. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let shown = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter('en').segment(text)) {
    used += stringWidth(segment);
    if (used > width - 1) break;
    shown += segment;
  }
  return `${shown.trimEnd()}…`;
}
