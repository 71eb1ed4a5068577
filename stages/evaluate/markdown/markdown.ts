import { attribute } from '../../pictures/escape.ts';

/** Text for GitHub-flavoured Markdown: nothing in it is markup or HTML. */
export function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>|#~$]/g, (mark) => (mark === '<' ? '&lt;' : `\\${mark}`));
}

export interface MarkdownColumn<Row> {
  readonly head: string;
  /** Plain text; it is escaped. */
  readonly cell: (row: Row) => string;
  readonly align?: 'left' | 'right';
  /** The cells are Markdown already. */
  readonly verbatim?: boolean;
}

export function markdownTable<Row>(columns: readonly MarkdownColumn<Row>[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map((column) => plain(column.head))),
    line(columns.map((column) => (column.align === 'left' ? ':---' : '---:'))),
    ...rows.map((row) =>
      line(columns.map((column) => (column.verbatim ? column.cell(row) : plain(column.cell(row))))),
    ),
  ].join('\n');
}

/** Pictures side by side, each under its title. */
export function pictures(
  drawings: readonly { readonly name: string; readonly title: string; readonly description: string }[],
): string {
  return drawings
    .map(
      ({ name, description }) =>
        `<img src="figures/${name}.png" width="400" alt="${attribute(description)}">`,
    )
    .join('\n');
}
