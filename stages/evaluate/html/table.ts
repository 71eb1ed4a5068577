import { html, type Content, type Html } from './html.ts';

export interface Column<Row> {
  readonly head: Content;
  readonly cell: (row: Row) => Content;
  /** Figures stand right-aligned, words left. */
  readonly align?: 'left' | 'right';
  /** The column that names the row: its cells are row headers. */
  readonly header?: boolean;
}

/** A table in a box of its own that scrolls sideways where the screen is narrow, also from the keyboard. */
export function dataTable<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  more: { readonly foot?: Content; readonly rowClass?: (row: Row) => string } = {},
): Html {
  return scrolling(
    caption,
    html`<table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class="${alignment(column)}">${column.head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr class="${more.rowClass?.(row) ?? ''}">
              ${columns.map((column) => cell(column, row))}
            </tr>`,
        )}
      </tbody>
      ${
        more.foot
          ? html`<tfoot>
              ${more.foot}
            </tfoot>`
          : null
      }
    </table>`,
  );
}

/** The box itself. Focusable, since a box that scrolls must be reachable without a pointer. */
export function scrolling(label: string, content: Html): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
}

function cell<Row>(column: Column<Row>, row: Row): Html {
  const content = column.cell(row);
  return column.header
    ? html`<th scope="row" class="${alignment(column)}">${content}</th>`
    : html`<td class="${alignment(column)}">${content}</td>`;
}

function alignment<Row>(column: Column<Row>): string {
  return column.align === 'left' || (column.header && column.align !== 'right') ? 'left' : 'right';
}
