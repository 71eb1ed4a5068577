import type { LiveRun, LiveStage } from '../../model/live-run.ts';
import type { PlannedStage, ReadyPlan } from '../../model/plan.ts';
import { shownStage, type ShownState, stageTime, stateWords } from '../../model/shown-stage.ts';
import { countText, durationText, elapsedText, numberText } from '../../model/words.ts';
import { h, replace, setText } from '../dom.ts';
import { linkTo } from '../router.ts';
import { mark } from '../widgets/mark.ts';

/** Every stage in the order in which they may run: how it stands, why, how far and how long. */
export class StageList {
  readonly element: HTMLElement;
  readonly #lines: readonly StageLine[];

  constructor(plan: ReadyPlan) {
    this.#lines = plan.stages.map((stage) => new StageLine(stage));
    this.element = h(
      'ul',
      { class: 'stages' },
      this.#lines.map(({ element }) => element),
      plan.leftOut.map(({ name, reason }) =>
        h(
          'li',
          { class: 'left-out' },
          h(
            'span',
            { class: 'line' },
            h('code', {}, name),
            h('span', { class: 'why' }, `left out: ${reason}`),
          ),
        ),
      ),
    );
  }

  focus(stage: string): void {
    this.#lines.find(({ name }) => name === stage)?.focus();
  }

  update(run: LiveRun | undefined, selected: string | undefined, now: number): void {
    for (const line of this.#lines) line.update(run, selected, now);
  }
}

class StageLine {
  readonly element: HTMLElement;
  readonly #stage: PlannedStage;
  readonly #link: HTMLAnchorElement;
  readonly #sign = h('span', { class: 'sign' });
  readonly #state = h('span', { class: 'state' });
  readonly #why = h('span', { class: 'why' });
  readonly #meter = h('span', { class: 'meter', hidden: true }, h('i'));
  #shown: ShownState | undefined;

  constructor(stage: PlannedStage) {
    this.#stage = stage;
    this.#link = h(
      'a',
      { class: 'line', href: linkTo({ view: 'pipeline', stage: stage.name }) },
      this.#sign,
      h('code', {}, stage.name),
      this.#state,
      this.#why,
      this.#meter,
    );
    this.element = h('li', {}, this.#link);
  }

  get name(): string {
    return this.#stage.name;
  }

  focus(): void {
    this.#link.focus();
  }

  update(run: LiveRun | undefined, selected: string | undefined, now: number): void {
    const { state, sentence, live } = shownStage(this.#stage, run);
    if (state !== this.#shown) {
      replace(this.#sign, mark(state));
      this.element.dataset.state = state;
      this.#shown = state;
    }
    setText(this.#state, stateText(state, live, now));
    setText(this.#why, sentence);
    const progress = state === 'running' ? live?.progress : undefined;
    this.#meter.hidden = progress === undefined || progress.total <= 0;
    if (progress !== undefined && progress.total > 0) {
      const share = Math.min(1, progress.done / progress.total);
      this.#meter.querySelector('i')!.style.setProperty('width', `${100 * share}%`);
    }
    if (this.#stage.name === selected) this.#link.setAttribute('aria-current', 'true');
    else this.#link.removeAttribute('aria-current');
  }
}

/** `running, 45 of 256 rows, 4 s`; `done in 3.4 s`; else the state alone. */
export function stateText(state: ShownState, live: LiveStage | undefined, now: number): string {
  if (live === undefined) return stateWords[state];
  const time = stageTime(live, now);
  if (state === 'running') {
    return [
      stateWords.running,
      ...progressWords(live),
      ...(time === undefined ? [] : [elapsedText(time)]),
    ].join(' · ');
  }
  if (time === undefined || (state !== 'done' && state !== 'failed')) return stateWords[state];
  return `${stateWords[state]} in ${durationText(time)}`;
}

function progressWords({ progress }: LiveStage): string[] {
  if (progress === undefined) return [];
  const { done, total, unit, values } = progress;
  const figures = values.slice(0, 2).map(({ name, value }) => `${name} ${numberText(value)}`);
  return [
    total > 0 ? `${countText(done)} of ${countText(total)} ${unit}` : `${countText(done)} ${unit}`,
    ...figures,
  ];
}
