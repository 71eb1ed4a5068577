import type { LiveRun, LiveStage } from '../../model/live-run.ts';
import type { PlannedStage, ReadyPlan } from '../../model/plan.ts';
import { shownStage } from '../../model/shown-stage.ts';
import { numberText } from '../../model/words.ts';
import { type Child, h, replace, setText } from '../dom.ts';
import { linkTo } from '../router.ts';
import { mark } from '../widgets/mark.ts';
import { heading, settings } from '../widgets/parts.ts';
import { problemList } from '../widgets/problems.ts';
import { LogTail } from './log-tail.ts';
import { stateText } from './stage-list.ts';

export interface StageActions {
  run(body: { from?: readonly string[]; targets?: readonly string[] }): void;
  readonly close: string;
}

interface Circumstances {
  readonly now: number;
  readonly canRun: boolean;
}

/** One stage in full: how it stands and why, what it takes in and gives, its params, and what it prints. */
export class StagePanel {
  readonly element = h('section', { class: 'panel', 'aria-label': 'The stage', hidden: true });
  readonly #actions: StageActions;
  readonly #title = heading('h2');
  readonly #state = h('p', { class: 'state-line' });
  readonly #why = h('p');
  readonly #figures = h('div');
  readonly #fixed = h('div');
  readonly #runFrom: HTMLButtonElement;
  readonly #runTo: HTMLButtonElement;
  readonly #log = new LogTail();
  #name: string | undefined;
  #shown = '';
  #told = '';

  constructor(actions: StageActions) {
    this.#actions = actions;
    this.#runTo = h(
      'button',
      {
        type: 'button',
        onclick: () => {
          actions.run({ targets: [this.#name!] });
        },
      },
      'Run to here',
    );
    this.#runFrom = h(
      'button',
      {
        type: 'button',
        onclick: () => {
          actions.run({ from: [this.#name!] });
        },
      },
      'Run from here',
    );
  }

  focus(): void {
    this.#title.focus({ preventScroll: true });
    const { top } = this.element.getBoundingClientRect();
    if (top < 0 || top > innerHeight - 160) this.element.scrollIntoView({ block: 'start' });
  }

  close(): void {
    this.#log.close();
  }

  update(
    name: string | undefined,
    stage: PlannedStage | undefined,
    plan: ReadyPlan,
    run: LiveRun | undefined,
    { now, canRun }: Circumstances,
  ): void {
    this.element.hidden = name === undefined;
    if (name === undefined) {
      this.#log.close();
      this.#name = undefined;
      return;
    }
    if (stage === undefined) {
      this.#missing(name);
      return;
    }
    const identity = JSON.stringify(stage);
    if (identity !== this.#shown) this.#rebuild(stage, plan, identity);
    const { state, sentence, live } = shownStage(stage, run);
    const words = stateText(state, live, now);
    if (this.element.dataset.state !== state) {
      replace(this.#state, mark(state), h('span', {}, words));
      this.element.dataset.state = state;
    } else setText(this.#state.querySelector('span')!, words);
    setText(this.#why, sentence);
    this.#runFrom.disabled = !canRun;
    this.#runTo.disabled = !canRun;
    this.#tell(live);
    const hasRun = live?.startedAt !== undefined;
    const source = hasRun ? run!.run : stage.madeBy;
    this.#log.follow(source, stage.name, state === 'running');
  }

  #rebuild(stage: PlannedStage, plan: ReadyPlan, identity: string): void {
    const { name, kind, inputs, params, artifact, state } = stage;
    this.#name = name;
    this.#shown = identity;
    this.#told = '';
    delete this.element.dataset.state;
    const takers = plan.stages.filter((other) => other.inputs.some(({ stages }) => stages.includes(name)));
    replace(this.#title, name);
    replace(
      this.#fixed,
      artifact !== undefined &&
        h(
          'p',
          {},
          h('a', { class: 'button', href: artifactLink(artifact) }, 'Open its artifact'),
          state === 'cached' ? null : h('span', { class: 'note' }, ' what it made last; not up to date'),
        ),
      h('h3', {}, 'Takes in'),
      inputs.length === 0
        ? h('p', { class: 'note' }, 'No other stage.')
        : settings(inputs.map((input) => ({ name: input.name, value: stageLinks(input.stages) }))),
      takers.length > 0 && [
        h('h3', {}, 'Needed by'),
        h('p', { class: 'links' }, stageLinks(takers.map((taker) => taker.name))),
      ],
      h('h3', {}, 'Params'),
      params.length === 0 ? h('p', { class: 'note' }, 'It has none.') : settings(params),
    );
    replace(
      this.element,
      h(
        'div',
        { class: 'panel-head' },
        h('div', {}, this.#title, h('p', { class: 'note' }, h('code', {}, kind))),
        h('a', { class: 'button', href: '#/' }, this.#actions.close),
      ),
      this.#state,
      this.#why,
      this.#figures,
      h('div', { class: 'actions' }, this.#runTo, this.#runFrom),
      this.#fixed,
      this.#log.element,
    );
  }

  /** What a run tells of it beyond its state. */
  #tell(live: LiveStage | undefined): void {
    const told = JSON.stringify([live?.progress, live?.problems, live?.warnings, live?.rows]);
    if (told === this.#told) return;
    this.#told = told;
    if (live === undefined) {
      replace(this.#figures);
      return;
    }
    const { progress, problems, warnings, rows } = live;
    const parts: Child[] = [];
    if (live.state === 'running' && progress !== undefined && progress.total > 0) {
      const bar = h('i');
      bar.style.setProperty('width', `${(100 * progress.done) / progress.total}%`);
      parts.push(h('div', { class: 'meter wide' }, bar));
    }
    const values = (progress?.values ?? []).map(({ name, value }) => ({ name, value: numberText(value) }));
    const counts =
      rows === undefined
        ? []
        : [
            { name: 'rows', value: numberText(rows.total) },
            { name: 'computed', value: numberText(rows.computed) },
            { name: 'reused', value: numberText(rows.reused) },
          ];
    if (values.length + counts.length > 0) parts.push(settings([...values, ...counts]));
    if (problems !== undefined && problems.length > 0) parts.push(problemList(problems));
    if (warnings !== undefined) {
      parts.push(
        h(
          'ul',
          { class: 'warnings' },
          warnings.map((warning) => h('li', {}, warning)),
        ),
      );
    }
    replace(this.#figures, parts);
  }

  #missing(name: string): void {
    if (this.#name === name && this.#shown === '') return;
    this.#name = name;
    this.#shown = '';
    this.#log.close();
    replace(this.#title, name);
    replace(
      this.element,
      h(
        'div',
        { class: 'panel-head' },
        this.#title,
        h('a', { class: 'button', href: '#/' }, this.#actions.close),
      ),
      problemList([{ message: `the pipeline has no stage ${name}`, hint: 'Choose one of the list.' }]),
    );
  }
}

function artifactLink(key: string): string {
  return linkTo({ view: 'artifact', key, offset: 0, find: '' });
}

function stageLinks(stages: readonly string[]): Child[] {
  return stages.map((stage, index) => [
    index > 0 && ', ',
    h('a', { href: linkTo({ view: 'pipeline', stage }) }, stage),
  ]);
}
