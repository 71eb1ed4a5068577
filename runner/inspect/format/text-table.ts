import stringWidth from 'string-width';

/** A line of a table: its cells, and behind them a text that belongs to no column. */
export interface TextRow {
  readonly cells: readonly string[];
  readonly rest?: string;
}

const gap = 2;
const narrowestRest = 20;

/**
 * Lines of a table with its columns aligned, cut to a width. A text behind the cells goes on in lines of its own.
 *
 * @param right the columns that are aligned to the right, as numbers are.
 */
export function formatTable(
  rows: readonly TextRow[],
  width: number,
  right: ReadonlySet<number> = new Set(),
): string[] {
  const shown = rows.map(({ cells, rest }) => ({
    cells: cells.map(printable),
    ...(rest !== undefined && { rest: printable(rest) }),
  }));
  const count = Math.max(...shown.map(({ cells }) => cells.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...shown.map(({ cells }) => stringWidth(cells[column] ?? ''))),
  );
  return shown.flatMap(({ cells, rest }: TextRow) => {
    const padded = cells.map((cell, column) => {
      const padding = ' '.repeat(widths[column] - stringWidth(cell));
      return right.has(column) ? padding + cell : cell + padding;
    });
    const line = padded.join(' '.repeat(gap));
    if (rest === undefined) return [cut(line.trimEnd(), width)];
    const indentation = stringWidth(line) + gap;
    const [first, ...others] = wrap(rest, Math.max(width - indentation, narrowestRest));
    return [`${line}${' '.repeat(gap)}${first}`, ...others.map((text) => ' '.repeat(indentation) + text)].map(
      (text) => cut(text.trimEnd(), width),
    );
  });
}

/** Breaks a text into lines at its spaces. */
function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line === '') lines[lines.length - 1] = word;
    else if (stringWidth(line) + 1 + stringWidth(word) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The beginning of a text that fits into the width, with … where something is left out. */
export function cut(whole: string, width: number): string {
  const text = printable(whole);
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

/** Without control characters: a file's name must not be able to command the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '�');
}
