import { countStates, type LiveRun } from '../model/live-run.ts';
import type { Snapshot } from '../model/messages.ts';
import { h, replace, setText } from './dom.ts';
import type { Live, LiveState } from './live.ts';
import { linkTo, type Route, routeOf } from './router.ts';
import type { View } from './view.ts';
import { artifactView } from './views/artifact.ts';
import { artifactsView } from './views/artifacts.ts';
import { compareView } from './views/compare.ts';
import { pipelineView } from './views/pipeline.ts';
import { rowView } from './views/row.ts';
import { runView } from './views/run.ts';
import { runsView } from './views/runs.ts';
import { mark } from './widgets/mark.ts';

/** The frame around every view: where one is, what runs, and what has just happened for those who listen. */
export function openShell(body: HTMLElement, live: Live): void {
  const main = h('main', { id: 'main', tabindex: -1 });
  const links = {
    pipeline: h('a', { href: '#/' }, 'Pipeline'),
    runs: h('a', { href: '#/runs' }, 'Runs'),
    artifacts: h('a', { href: '#/artifacts' }, 'Artifacts'),
  };
  const place = h('span', { class: 'place' });
  const running = h('a', { class: 'chip', href: '#/', hidden: true });
  const lost = h('p', { class: 'lost', role: 'alert', hidden: true });
  const status = h('p', { class: 'spoken', role: 'status' });
  body.replaceChildren(
    h('a', { class: 'skip', href: '#main', onclick: skipTo(main) }, 'Skip to the content'),
    h(
      'header',
      { class: 'top' },
      h('div', { class: 'name' }, h('a', { class: 'word', href: '#/' }, 'pipeline'), place),
      h('nav', { 'aria-label': 'Main' }, Object.values(links)),
      running,
    ),
    lost,
    main,
    status,
  );

  let view: View | undefined;
  let shown = '';
  const show = (): void => {
    const route = routeOf(location.hash);
    for (const [name, link] of Object.entries(links)) {
      if (sectionOf(route) === name) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    // Another stage of the same pipeline, another page of the same table: the view goes on by itself.
    if (view !== undefined && view.moved?.(route) === true) {
      document.title = `${view.title} · pipeline`;
      return;
    }
    view?.close?.();
    const first = view === undefined;
    view = viewOf(route, live);
    document.title = `${view.title} · pipeline`;
    replace(main, view.element);
    view.update?.(live.state);
    if (first) return;
    scrollTo(0, 0);
    main.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  };
  addEventListener('hashchange', show);
  show();

  live.subscribe((state) => {
    view?.update?.(state);
    tellConnection(lost, state);
    const { snapshot } = state;
    if (snapshot === undefined) return;
    setText(place, placeText(snapshot));
    place.title = snapshot.folder;
    tellRunning(running, snapshot.run);
    const news = spoken(snapshot.run);
    if (news !== shown) setText(status, news);
    shown = news;
  });
}

function viewOf(route: Route, live: Live): View {
  switch (route.view) {
    case 'pipeline':
      return pipelineView(route.stage, live);
    case 'runs':
      return runsView(route.offset);
    case 'run':
      return runView(route.run);
    case 'compare':
      return compareView(route.a, route.b);
    case 'artifacts':
      return artifactsView();
    case 'artifact':
      return artifactView(route);
    case 'row':
      return rowView(route.key, route.file, route.row);
  }
}

function sectionOf({ view }: Route): 'pipeline' | 'runs' | 'artifacts' {
  if (view === 'pipeline') return view;
  return view === 'runs' || view === 'run' || view === 'compare' ? 'runs' : 'artifacts';
}

/** An address with `#main` would be taken for a view. */
function skipTo(main: HTMLElement): (event: MouseEvent) => void {
  return (event) => {
    event.preventDefault();
    main.focus();
  };
}

function placeText({ folder, file, profile }: Snapshot): string {
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  return [
    name,
    ...(file === 'pipeline.yaml' ? [] : [file]),
    ...(profile === undefined ? [] : [profile]),
  ].join(' · ');
}

function tellConnection(lost: HTMLElement, { snapshot, connected }: LiveState): void {
  lost.hidden = connected || snapshot === undefined;
  setText(
    lost,
    lost.hidden ? '' : 'The connection is lost: pipeline ui may have ended. What you see is as it was last.',
  );
}

function tellRunning(chip: HTMLElement, run: LiveRun | undefined): void {
  chip.hidden = run?.state !== 'running';
  if (run === undefined || chip.hidden) return;
  const text = `${progressText(run)} stages`;
  if (chip.querySelector('svg') === null) replace(chip, mark('running'), h('span'));
  setText(chip.querySelector('span')!, text);
  chip.setAttribute('href', linkTo({ view: 'pipeline' }));
}

/** `5 of 13`. */
function progressText(run: LiveRun): string {
  const { cached, done, failed, skipped, interrupted } = countStates(run);
  const over = cached + done + failed + skipped + interrupted;
  return `${over} of ${Object.keys(run.stages).length}`;
}

/** The news worth saying to those who do not see it; little enough to be listened to. */
function spoken(run: LiveRun | undefined): string {
  if (run === undefined) return '';
  const { failed } = countStates(run);
  const failures = failed > 0 ? ` ${failed} failed.` : '';
  switch (run.state) {
    case 'running':
      return `Running: ${progressText(run)} stages are over.${failures}`;
    case 'done':
      return 'The run is done.';
    case 'failed':
      return `The run failed.${failures}`;
    case 'interrupted':
      return 'The run was interrupted.';
    case 'lost':
      return 'The run ended without a word.';
  }
}
