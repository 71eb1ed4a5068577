import type { RunLine, RunPage } from '../../model/runs.ts';
import { agoText, durationText } from '../../model/words.ts';
import { get } from '../api.ts';
import { type Child, h } from '../dom.ts';
import type { LiveState } from '../live.ts';
import { linkTo } from '../router.ts';
import type { View } from '../view.ts';
import { Loaded } from '../widgets/loaded.ts';
import { heading, pager, scrolling } from '../widgets/parts.ts';
import { countsText, runResult, timeText } from './run-words.ts';

const limit = 20;

/** The record of runs, the newest first; any two of them can be compared. */
export function runsView(first: number): View {
  const loaded = new Loaded();
  const chosen = new Set<string>();
  let offset = first;
  let lastEnded: string | undefined;
  const load = (): void => {
    chosen.clear();
    loaded.load(
      (signal) => get<RunPage>(['runs'], { offset, limit }, signal),
      (page) => content(page, chosen),
    );
  };
  load();
  return {
    element: loaded.element,
    title: 'Runs',
    update({ snapshot }: LiveState) {
      const run = snapshot?.run;
      if (run === undefined || run.state === 'running') return;
      // A run that has just been recorded stands in the list at once.
      if (lastEnded !== undefined && lastEnded !== run.run && chosen.size === 0) load();
      lastEnded = run.run;
    },
    moved(route) {
      if (route.view !== 'runs') return false;
      if (route.offset !== offset) {
        offset = route.offset;
        load();
      }
      return true;
    },
    close: () => {
      loaded.close();
    },
  };
}

function content(page: RunPage, chosen: Set<string>): Child {
  if (page.total === 0) {
    return [
      heading('h1', 'No run yet'),
      h('p', { class: 'lead' }, 'Start one under ', h('a', { href: '#/' }, 'Pipeline'), '.'),
    ];
  }
  const compare = h('button', { type: 'button', disabled: true }, 'Compare two runs');
  compare.addEventListener('click', () => {
    // In the order of time: what changed from the earlier to the later.
    const [a, b] = page.runs
      .map(({ id }) => id)
      .filter((id) => chosen.has(id))
      .toReversed();
    location.hash = linkTo({ view: 'compare', a: a, b: b });
  });
  const choose = (id: string, on: boolean): void => {
    if (on) chosen.add(id);
    else chosen.delete(id);
    compare.disabled = chosen.size !== 2;
    for (const box of table.querySelectorAll<HTMLInputElement>('input')) {
      box.disabled = chosen.size >= 2 && !box.checked;
    }
  };
  const table = h(
    'table',
    { class: 'runs' },
    h('caption', { class: 'spoken' }, 'Runs, the newest first'),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, h('span', { class: 'spoken' }, 'Compare')),
        ['Run', 'Ended', 'Took', 'Stages', 'Command'].map((name) =>
          h('th', { scope: 'col', class: name === 'Took' ? undefined : 'left' }, name),
        ),
      ),
    ),
    h(
      'tbody',
      {},
      page.runs.map((run) => line(run, choose)),
    ),
  );
  return [
    h(
      'div',
      { class: 'hero' },
      h(
        'div',
        {},
        heading('h1', 'Runs'),
        h('p', { class: 'lead' }, 'Tick two to see what changed from one to the other.'),
      ),
      h('div', { class: 'actions' }, compare),
    ),
    scrolling('Runs', table),
    pager({
      offset: page.offset,
      limit,
      total: page.total,
      noun: 'runs',
      linkTo: (to) => linkTo({ view: 'runs', offset: to }),
    }),
  ];
}

function line(run: RunLine, choose: (id: string, on: boolean) => void): HTMLElement {
  const { id, started, wallMs, command } = run;
  const box = h('input', { type: 'checkbox', 'aria-label': `Compare run ${id}` });
  box.addEventListener('change', () => {
    choose(id, box.checked);
  });
  return h(
    'tr',
    {},
    h('td', {}, box),
    h(
      'th',
      { scope: 'row', class: 'left' },
      h('a', { href: linkTo({ view: 'run', run: id }) }, id),
      h('span', { class: 'sub', title: timeText(started) }, agoText(Date.now() - Date.parse(started))),
    ),
    h('td', { class: 'left' }, runResult(run)),
    h('td', {}, durationText(wallMs)),
    h('td', { class: 'left' }, countsText(run.counts)),
    h('td', { class: 'left command' }, h('code', {}, `pipeline ${command}`)),
  );
}
