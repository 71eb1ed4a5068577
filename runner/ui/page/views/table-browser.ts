import type { Column } from '../../../kind/columns.ts';
import type { TableCell, TablePage } from '../../model/artifacts.ts';
import { countText, numberText } from '../../model/words.ts';
import { get } from '../api.ts';
import { type Child, h } from '../dom.ts';
import { drawSketch, sketchLabel } from '../draw/sketch.ts';
import { linkTo } from '../router.ts';
import { Loaded } from '../widgets/loaded.ts';
import { pager, scrolling } from '../widgets/parts.ts';

const limit = 20;
const typingMilliseconds = 250;

/** A table, a page of rows at a time. Tensors and sequences are drawn in small. */
export class TableBrowser {
  readonly element: HTMLElement;
  readonly file: string;
  readonly #key: string;
  readonly #input: HTMLInputElement;
  readonly #loaded = new Loaded();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown = '';

  constructor(key: string, file: string) {
    this.#key = key;
    this.file = file;
    this.#input = h('input', {
      type: 'search',
      id: 'find',
      placeholder: 'a part of an id',
      autocomplete: 'off',
    });
    this.#input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => {
        // Not a step of its own in the browser's history for each letter.
        location.replace(this.#link(0, this.#input.value));
      }, typingMilliseconds);
    });
    this.element = h(
      'div',
      { class: 'table-browser' },
      h('div', { class: 'find' }, h('label', { for: 'find' }, 'Find rows'), this.#input),
      this.#loaded.element,
    );
  }

  show(offset: number, find: string): void {
    const wanted = `${offset} ${find}`;
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    if (document.activeElement !== this.#input) this.#input.value = find;
    this.#loaded.load(
      (signal) =>
        get<TablePage>(
          ['artifacts', this.#key, 'table'],
          { file: this.file, offset, limit, find: find === '' ? undefined : find },
          signal,
        ),
      (page) => this.#content(page, find),
    );
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#loaded.close();
  }

  #content({ columns, rows, offset, total }: TablePage, find: string): Child {
    const noun = find === '' ? 'rows' : 'rows found';
    const pages = pager({ offset, limit, total, noun, linkTo: (to) => this.#link(to, find) });
    if (total === 0) {
      return h('p', { class: 'note' }, find === '' ? 'The table has no rows.' : `No id has “${find}” in it.`);
    }
    return [
      scrolling(
        `Rows of ${this.file}`,
        h(
          'table',
          { class: 'rows' },
          h('caption', {}, `${countText(total)} ${noun}, ${columns.length} columns`),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'col', class: 'left' }, 'id'),
              columns.map(({ name, column }) =>
                h(
                  'th',
                  { scope: 'col', class: isNumber(column) ? undefined : 'left' },
                  name,
                  h('span', { class: 'sub' }, columnText(column)),
                ),
              ),
            ),
          ),
          h(
            'tbody',
            {},
            rows.map(({ id, position, cells }) =>
              h(
                'tr',
                {},
                h(
                  'th',
                  { scope: 'row', class: 'left' },
                  h(
                    'a',
                    { href: linkTo({ view: 'row', key: this.#key, file: this.file, row: position }) },
                    id,
                  ),
                ),
                cells.map((cell, index) =>
                  h('td', { class: isNumber(columns[index].column) ? undefined : 'left' }, cellContent(cell)),
                ),
              ),
            ),
          ),
        ),
      ),
      pages,
    ];
  }

  #link(offset: number, find: string): string {
    return linkTo({ view: 'artifact', key: this.#key, file: this.file, offset, find });
  }
}

/** A cell in a table. */
function cellContent(cell: TableCell): Child {
  if (typeof cell === 'string') return h('span', { class: 'text-cell', title: cell }, cell);
  if (typeof cell !== 'object') return plainText(cell);
  const canvas = h('canvas', { class: 'thumbnail', role: 'img', 'aria-label': sketchLabel(cell) });
  drawSketch(canvas, cell, { width: 144, height: 36 });
  return canvas;
}

/** A value that needs no drawing. */
export function plainText(value: string | number | boolean): string {
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value;
}

/** `tensor 160`, `sequence of 40, dB`. */
export function columnText(column: Column): string {
  const unit = 'unit' in column && column.unit !== undefined ? `, ${column.unit}` : '';
  switch (column.type) {
    case 'tensor':
      return `tensor ${column.shape.join(' × ')}${unit}`;
    case 'sequence':
      return `sequence${column.shape.length > 0 ? ` of ${column.shape.join(' × ')}` : ''}${unit}`;
    case 'utf8':
      return 'text';
    case 'bool':
      return 'yes or no';
    default:
      return `${column.type === 'int32' ? 'whole number' : 'number'}${unit}`;
  }
}

function isNumber({ type }: Column): boolean {
  return type === 'int32' || type === 'float64';
}
