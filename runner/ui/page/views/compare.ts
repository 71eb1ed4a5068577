import type { RunComparison, RunLine } from '../../model/runs.ts';
import { numberText } from '../../model/words.ts';
import { get } from '../api.ts';
import { type Child, h } from '../dom.ts';
import { linkTo } from '../router.ts';
import type { View } from '../view.ts';
import { Loaded } from '../widgets/loaded.ts';
import { heading, scrolling } from '../widgets/parts.ts';
import { countsText, timeText } from './run-words.ts';

/** What differed between two runs in params, code, results and figures. */
export function compareView(a: string, b: string): View {
  const loaded = new Loaded();
  loaded.load((signal) => get<RunComparison>(['compare'], { a, b }, signal), content);
  return {
    element: loaded.element,
    title: 'Two runs compared',
    close: () => {
      loaded.close();
    },
  };
}

function content({ a, b, stages, metrics }: RunComparison): Child {
  const same = stages.length === 0 && metrics.length === 0;
  return [
    heading('h1', same ? 'The runs are the same' : 'What changed'),
    h('div', { class: 'two' }, side('A', a), side('B', b)),
    stages.length > 0 && [
      h('h2', {}, 'Stages'),
      h(
        'ul',
        { class: 'changes' },
        stages.map(({ stage, only, changes, sameResult }) =>
          h(
            'li',
            {},
            h('code', {}, stage),
            h(
              'div',
              {},
              only !== undefined
                ? h('p', {}, `only in run ${only.toUpperCase()}`)
                : (changes.length === 0 ? ['differs'] : changes).map((change) => h('p', {}, change)),
              sameResult && h('p', { class: 'note' }, 'the same result'),
            ),
          ),
        ),
      ),
    ],
    metrics.length > 0 && [
      h('h2', {}, 'Figures'),
      scrolling(
        'Figures that differ',
        h(
          'table',
          {},
          h('caption', { class: 'spoken' }, 'Figures that differ'),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'col', class: 'left' }, 'Figure'),
              ['A', 'B', 'B − A'].map((name) => h('th', { scope: 'col' }, name)),
            ),
          ),
          h(
            'tbody',
            {},
            metrics.map(({ name, a: before, b: after }) =>
              h(
                'tr',
                {},
                h('th', { scope: 'row', class: 'left' }, name),
                h('td', {}, figure(before)),
                h('td', {}, figure(after)),
                h('td', {}, before === undefined || after === undefined ? '' : signed(after - before)),
              ),
            ),
          ),
        ),
      ),
    ],
  ];
}

function side(letter: string, run: RunLine): HTMLElement {
  return h(
    'div',
    { class: 'card' },
    h('p', {}, h('strong', {}, letter), ' ', h('a', { href: linkTo({ view: 'run', run: run.id }) }, run.id)),
    h('p', { class: 'note' }, `${timeText(run.started)} · ${countsText(run.counts)}`),
    h('p', {}, h('code', {}, `pipeline ${run.command}`)),
  );
}

function figure(value: number | undefined): string {
  return value === undefined ? 'none' : numberText(value);
}

function signed(difference: number): string {
  return difference > 0 ? `+${numberText(difference)}` : numberText(difference);
}
