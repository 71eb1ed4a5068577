import type { CellDetail, CellNumbers, RowDetail, SoundPlace } from '../../model/artifacts.ts';
import { countText, numberText } from '../../model/words.ts';
import { address, get } from '../api.ts';
import { type Child, h } from '../dom.ts';
import { SketchFigure } from '../draw/sketch-figure.ts';
import { linkTo } from '../router.ts';
import type { View } from '../view.ts';
import { Loaded } from '../widgets/loaded.ts';
import { heading, settings } from '../widgets/parts.ts';
import { columnText, plainText } from './table-browser.ts';

/** One row: its values, what of it can be heard, and pictures of its tensors. */
export function rowView(key: string, file: string, row: number): View {
  const loaded = new Loaded();
  const figures: SketchFigure[] = [];
  const clear = (): void => {
    for (const figure of figures.splice(0)) figure.close();
  };
  const view: View = {
    element: loaded.element,
    title: 'Row',
    close() {
      loaded.close();
      clear();
    },
  };
  loaded.load(
    (signal) => get<RowDetail>(['artifacts', key, 'row'], { file, row }, signal),
    (detail) => {
      view.title = detail.id;
      document.title = `${detail.id} · pipeline`;
      clear();
      return content(key, file, detail, figures);
    },
  );
  return view;
}

function content(key: string, file: string, detail: RowDetail, figures: SketchFigure[]): Child {
  const { id, position, total, digest, cells, drawn, sound } = detail;
  const go = (label: string, row: number, enabled: boolean): Child =>
    enabled && h('a', { class: 'button', href: linkTo({ view: 'row', key, file, row }) }, label);
  const player = sound === undefined ? undefined : playerOf(sound);
  return [
    h(
      'p',
      { class: 'back' },
      h('a', { href: linkTo({ view: 'artifact', key, file, offset: 0, find: '' }) }, file),
    ),
    h(
      'div',
      { class: 'hero' },
      h(
        'div',
        {},
        heading('h1', id),
        h('p', { class: 'lead' }, `Row ${countText(position + 1)} of ${countText(total)}`),
      ),
      h(
        'div',
        { class: 'actions' },
        go('Row before', position - 1, position > 0),
        go('Next row', position + 1, position + 1 < total),
      ),
    ),
    player !== undefined &&
      h(
        'div',
        { class: 'card player' },
        h('p', { class: 'note' }, sound!.key === key ? 'To be heard' : `As ${sound!.stage} has it`),
        player,
      ),
    settings([
      ...cells.flatMap(({ name, column, value }) => {
        if (typeof value === 'object') return [];
        const unit = 'unit' in column && column.unit !== undefined ? ` (${column.unit})` : '';
        return [{ name: name + unit, value: plainText(value) }];
      }),
      { name: 'digest', value: h('code', { title: digest }, digest.slice(0, 12)) },
    ]),
    cells.map((cell) => {
      if (typeof cell.value !== 'object') return null;
      const isHeard = sound?.key === key && cell.column.type === 'sequence' && cell.column.shape.length === 0;
      const figure = new SketchFigure(cell.value, isHeard ? player : undefined);
      figures.push(figure);
      return h(
        'section',
        { class: 'cell', 'aria-label': cell.name },
        h('h2', {}, h('code', {}, cell.name), ' ', h('span', { class: 'note' }, columnText(cell.column))),
        figure.element,
        cell.numbers !== undefined && numbers(cell, cell.numbers),
      );
    }),
    drawn && picture(key, file, detail),
  ];
}

function playerOf({ stage, key, file, position }: SoundPlace): HTMLAudioElement {
  return h('audio', {
    controls: true,
    preload: 'metadata',
    src: address(['artifacts', key, 'sound'], { file, row: position }),
    'aria-label': `The sound of the row, by ${stage}`,
  });
}

function numbers({ name }: CellDetail, { count, min, mean, max, std, notFinite, first }: CellNumbers): Child {
  const figures = Object.entries({ lowest: min, mean, highest: max, 'standard deviation': std });
  return [
    settings([
      { name: 'numbers', value: countText(count) },
      ...figures.map(([label, value]) => ({
        name: label,
        value: value === null ? 'none' : numberText(value),
      })),
      ...(notFinite > 0 ? [{ name: 'not finite', value: countText(notFinite) }] : []),
    ]),
    h(
      'details',
      {},
      h('summary', {}, first.length < count ? `Its first ${first.length} numbers` : 'Its numbers'),
      h(
        'pre',
        { class: 'text wrapped', tabindex: 0, role: 'region', 'aria-label': `Numbers of ${name}` },
        first.map((value) => (value === null ? 'NaN' : numberText(value))).join('  '),
      ),
    ),
  ];
}

/** As the kind of the stage draws it, e.g. with its spectrogram. */
function picture(key: string, file: string, { id, position }: RowDetail): HTMLElement {
  const image = h('img', {
    src: address(['artifacts', key, 'picture'], { file, row: position }),
    alt: `${id} as its kind draws it`,
    loading: 'lazy',
  });
  const figure = h('figure', { class: 'image paper', 'aria-busy': 'true' }, image);
  image.addEventListener('load', () => {
    figure.removeAttribute('aria-busy');
  });
  image.addEventListener('error', () => {
    figure.replaceChildren(h('p', { class: 'note' }, 'It could not be drawn.'));
  });
  return h('section', { class: 'cell' }, h('h2', {}, 'As its kind draws it'), figure);
}
