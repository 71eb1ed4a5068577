import type { ArtifactLine } from '../../model/artifacts.ts';
import { bytesText, countText } from '../../model/words.ts';
import { get } from '../api.ts';
import { type Child, h } from '../dom.ts';
import { linkTo } from '../router.ts';
import type { View } from '../view.ts';
import { Loaded } from '../widgets/loaded.ts';
import { heading, scrolling } from '../widgets/parts.ts';
import { mark } from '../widgets/mark.ts';

/** What an artifact is to the pipeline as it is written now. */
export const standingWords = {
  current: 'up to date',
  earlier: 'of an earlier state',
  unknown: 'the pipeline cannot be read',
} as const;

const standingMarks = { current: 'cached', earlier: 'stale', unknown: 'waiting' } as const;

/** What each stage has made. */
export function artifactsView(): View {
  const loaded = new Loaded();
  let plan: unknown;
  const load = (): void => {
    loaded.load((signal) => get<readonly ArtifactLine[]>(['artifacts'], {}, signal), content);
  };
  return {
    element: loaded.element,
    title: 'Artifacts',
    update({ snapshot }) {
      // Each new plan may tell of other artifacts.
      if (snapshot === undefined || snapshot.plan === plan) return;
      plan = snapshot.plan;
      load();
    },
    close: () => {
      loaded.close();
    },
  };
}

function content(lines: readonly ArtifactLine[]): Child {
  if (lines.length === 0) {
    return [
      heading('h1', 'No artifact yet'),
      h(
        'p',
        { class: 'lead' },
        'They are made by runs: start one under ',
        h('a', { href: '#/' }, 'Pipeline'),
        '.',
      ),
    ];
  }
  return [
    heading('h1', 'Artifacts'),
    h(
      'p',
      { class: 'lead' },
      'What each stage has made: tables to leaf through, tensors to look at, recordings to hear.',
    ),
    scrolling(
      'Artifacts',
      h(
        'table',
        {},
        h('caption', { class: 'spoken' }, 'Artifacts by stage'),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col', class: 'left' }, 'Stage'),
            h('th', { scope: 'col', class: 'left' }, 'Kind'),
            h('th', { scope: 'col' }, 'Files'),
            h('th', { scope: 'col' }, 'Size'),
            h('th', { scope: 'col', class: 'left' }, 'Standing'),
            h('th', { scope: 'col', class: 'left' }, 'Made by run'),
          ),
        ),
        h('tbody', {}, lines.map(line)),
      ),
    ),
  ];
}

function line({ stage, key, kind, files, bytes, standing, run }: ArtifactLine): HTMLElement {
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row', class: 'left' },
      h('a', { href: linkTo({ view: 'artifact', key, offset: 0, find: '' }) }, h('code', {}, stage)),
    ),
    h('td', { class: 'left' }, kind),
    h('td', {}, countText(files)),
    h('td', {}, bytesText(bytes)),
    h(
      'td',
      { class: 'left' },
      h('span', { class: 'with-mark' }, mark(standingMarks[standing]), standingWords[standing]),
    ),
    h('td', { class: 'left' }, h('a', { href: linkTo({ view: 'run', run }) }, run)),
  );
}
