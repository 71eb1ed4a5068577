import { countStates, type LiveRun } from '../../model/live-run.ts';
import type { RequestState, Snapshot } from '../../model/messages.ts';
import type { PlanView, ReadyPlan } from '../../model/plan.ts';
import { counted, durationText, elapsedText } from '../../model/words.ts';
import { post } from '../api.ts';
import { type Child, h, replace, setText } from '../dom.ts';
import type { Live } from '../live.ts';
import type { View } from '../view.ts';
import { noticeList } from '../widgets/notices.ts';
import { heading } from '../widgets/parts.ts';
import { failure, problemList } from '../widgets/problems.ts';
import { DagPicture } from './dag.ts';
import { StageList } from './stage-list.ts';
import { StagePanel } from './stage-panel.ts';

const tickMilliseconds = 1000;

/** The DAG and its stages as they stand, and one stage in full where one is chosen. */
export function pipelineView(first: string | undefined, live: Live): View {
  const title = heading('h1', 'Looking at the pipeline…');
  const lead = h('p', { class: 'lead' });
  const runButton = h('button', { class: 'primary', type: 'button' }, 'Run');
  const stopButton = h('button', { type: 'button', hidden: true }, 'Stop');
  const bar = h('i');
  const meter = h('div', { class: 'meter wide', hidden: true }, bar);
  const messages = h('div', { class: 'messages' });
  const picture = h('div');
  const list = h('div', { class: 'list' });
  const panel = new StagePanel({ run: request, close: 'Close' });
  const split = h('div', { class: 'split' }, list, panel.element);
  const element = h(
    'div',
    { class: 'pipeline' },
    h(
      'div',
      { class: 'hero' },
      h('div', {}, title, lead),
      h('div', { class: 'actions' }, stopButton, runButton),
    ),
    meter,
    messages,
    picture,
    split,
  );
  let selected = first;
  let revealed: string | undefined;
  let drawn: { plan: ReadyPlan; dag: DagPicture; stages: StageList } | undefined;
  let told = '';

  runButton.addEventListener('click', () => {
    request({});
  });
  stopButton.addEventListener('click', () => {
    stopButton.disabled = true;
    void post(['stop'], {}).catch(showFailure);
  });
  const timer = setInterval(() => {
    update(live.state.snapshot);
  }, tickMilliseconds);

  const view: View = {
    element,
    title: titleOf(selected),
    update: ({ snapshot }) => {
      update(snapshot);
    },
    moved(route) {
      if (route.view !== 'pipeline') return false;
      const before = selected;
      selected = route.stage;
      view.title = titleOf(selected);
      update(live.state.snapshot);
      if (selected === before) return true;
      // Back to where one came from, once it is closed.
      if (selected !== undefined) panel.focus();
      else if (before !== undefined) drawn?.stages.focus(before);
      return true;
    },
    close() {
      clearInterval(timer);
      panel.close();
    },
  };
  return view;

  function request(body: { from?: readonly string[]; targets?: readonly string[] }): void {
    replace(messages);
    told = '';
    void post(['run'], body).catch(showFailure);
  }

  function showFailure(error: unknown): void {
    replace(messages, failure(error));
    told = '';
  }

  function update(snapshot: Snapshot | undefined): void {
    if (snapshot === undefined) return;
    const { plan, run, request: asked } = snapshot;
    const now = Date.now();
    setText(title, headline(snapshot));
    setText(lead, leadText(snapshot, now));
    const isRunning = run?.state === 'running';
    const isOwn = asked.type !== 'idle' && asked.type !== 'refused';
    runButton.disabled = isOwn || plan.type === 'broken';
    stopButton.hidden = !isOwn;
    if (!isOwn) stopButton.disabled = false;
    meter.hidden = !isRunning;
    if (isRunning) bar.style.setProperty('width', `${100 * shareDone(run)}%`);
    tell(plan, run, asked);
    draw(plan);
    if (drawn === undefined) return;
    drawn.dag.update(run, selected);
    drawn.stages.update(run, selected, now);
    if (selected !== revealed) {
      revealed = selected;
      if (selected !== undefined) drawn.dag.reveal(selected);
    }
    const stage = drawn.plan.stages.find(({ name }) => name === selected);
    split.classList.toggle('chosen', selected !== undefined);
    panel.update(selected, stage, drawn.plan, run, { now, canRun: !runButton.disabled });
  }

  /** A plan that cannot be read leaves the last one standing, set back. */
  function draw(plan: PlanView): void {
    element.classList.toggle('outdated', plan.type === 'broken');
    if (plan.type !== 'ready' || plan === drawn?.plan) return;
    drawn = { plan, dag: new DagPicture(plan), stages: new StageList(plan) };
    const before = picture.querySelector('.scroll')?.scrollLeft ?? 0;
    replace(picture, drawn.dag.element);
    drawn.dag.element.scrollLeft = before;
    replace(list, heading('h2', 'Stages'), drawn.stages.element);
  }

  function tell(plan: PlanView, run: LiveRun | undefined, asked: RequestState): void {
    const parts: Child[] = [];
    if (plan.type === 'broken') parts.push(problemList(plan.problems));
    if (asked.type === 'refused') parts.push(problemList(asked.problems));
    if (asked.type === 'waiting') parts.push(h('p', { class: 'note box' }, `Waiting for ${asked.holder}`));
    if (run?.state === 'running') parts.push(noticeList(run.notices));
    const now = JSON.stringify([plan.type === 'broken' && plan.problems, asked, run?.state, run?.notices]);
    if (now === told) return;
    told = now;
    replace(messages, parts);
  }
}

function titleOf(stage: string | undefined): string {
  return stage ?? 'Pipeline';
}

function headline({ plan, run, request }: Snapshot): string {
  if (run?.state === 'running') {
    const { failed } = countStates(run);
    return failed > 0 ? `Running, ${counted(failed, 'stage')} failed` : 'Running';
  }
  if (request.type === 'starting') return 'Starting';
  if (request.type === 'waiting') return 'Waiting for another run';
  switch (plan.type) {
    case 'loading':
      return 'Looking at the pipeline…';
    case 'broken':
      return 'The pipeline cannot be read';
    case 'ready': {
      const fresh = plan.stages.filter(({ state }) => state === 'cached').length;
      if (fresh === plan.stages.length) return 'Everything is up to date';
      return `${plan.stages.length - fresh} of ${counted(plan.stages.length, 'stage')} ${plan.stages.length - fresh === 1 ? 'is' : 'are'} not up to date`;
    }
  }
}

function leadText({ run }: Snapshot, now: number): string {
  if (run === undefined) return '';
  const { state, startedAt, endedAt = now } = run;
  if (state === 'running') return runningText(run, now - startedAt);
  const { failed } = countStates(run);
  const ends = {
    done: `The last run was done in ${durationText(endedAt - startedAt)}.`,
    failed: `The last run failed: ${counted(failed, 'stage')} of ${Object.keys(run.stages).length}.`,
    interrupted: `The last run was interrupted after ${durationText(endedAt - startedAt)}. What it had finished is kept.`,
    lost: 'The last run ended without a word: its process was killed. What it had finished is kept.',
  };
  return ends[state];
}

function runningText(run: LiveRun, elapsed: number): string {
  const { running, waiting, cached } = countStates(run);
  const parts = [
    `${Object.keys(run.stages).length - running - waiting} of ${counted(Object.keys(run.stages).length, 'stage')}`,
    ...(cached > 0 ? [`${cached} cached`] : []),
    `${running} running`,
    elapsedText(elapsed),
  ];
  const elsewhere = run.own
    ? ''
    : ` · started elsewhere${run.command === undefined ? '' : `: pipeline ${run.command}`}`;
  return parts.join(' · ') + elsewhere;
}

/** Stages that are over, and of those that run as much as they say. */
function shareDone({ stages }: LiveRun): number {
  const all = Object.values(stages);
  const shares = all.map(({ state, progress }) => {
    if (state === 'waiting') return 0;
    if (state !== 'running') return 1;
    return progress === undefined || progress.total <= 0 ? 0 : Math.min(1, progress.done / progress.total);
  });
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, all.length);
}
