import type { Event } from '../events.ts';

export type StageState = 'waiting' | 'running' | 'cached' | 'done' | 'failed' | 'skipped';

export interface RunningStage {
  /** Milliseconds of the clock that events are followed by. */
  readonly started: number;
  readonly progress: Extract<Event, { type: 'stage-progress' }> | undefined;
  /** How far it was at which time, the latest last, for no longer than the rate looks back. */
  readonly samples: readonly { readonly at: number; readonly done: number }[];
}

/** The rate of a stage is that of its last seconds: rows that are reused come fast and say nothing of the rest. */
const windowMilliseconds = 10_000;

/** What is known of a run so far, gathered from its events. */
export class RunProgress {
  readonly running = new Map<string, RunningStage>();
  readonly states = new Map<string, StageState>();
  /** Why the stages that ran did. */
  readonly reasons = new Map<string, readonly string[]>();
  /** Why the stages that were skipped were. */
  readonly skipped = new Map<string, string>();
  /** When the run began. */
  started = 0;
  run: string | undefined;

  follow(event: Event, now: number): void {
    switch (event.type) {
      case 'run-started':
        this.running.clear();
        this.states.clear();
        this.reasons.clear();
        this.skipped.clear();
        for (const stage of event.stages) this.states.set(stage, 'waiting');
        this.started = now;
        this.run = event.run;
        break;
      case 'stage-started':
        this.states.set(event.stage, 'running');
        this.reasons.set(event.stage, event.reasons);
        this.running.set(event.stage, { started: now, progress: undefined, samples: [] });
        break;
      case 'stage-progress': {
        const stage = this.running.get(event.stage);
        if (stage === undefined) break;
        const recent = stage.samples.filter(({ at }) => now - at <= windowMilliseconds);
        const samples = [...recent, { at: now, done: event.done }];
        this.running.set(event.stage, { ...stage, progress: event, samples });
        break;
      }
      case 'stage-cached':
        this.#end(event.stage, 'cached');
        break;
      case 'stage-finished':
        this.#end(event.stage, 'done');
        break;
      case 'stage-failed':
        this.#end(event.stage, event.retrying ? 'waiting' : 'failed');
        break;
      case 'stage-skipped':
        this.#end(event.stage, 'skipped');
        this.skipped.set(event.stage, event.because);
        break;
      case 'run-finished':
        this.running.clear();
        break;
      default:
    }
  }

  count(state: StageState): number {
    let count = 0;
    for (const each of this.states.values()) if (each === state) count += 1;
    return count;
  }

  #end(stage: string, state: StageState): void {
    this.running.delete(stage);
    this.states.set(stage, state);
  }
}

/** Units a second over the last seconds; undefined as long as it cannot be told. */
export function rateOf({ samples }: RunningStage): number | undefined {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (first === undefined || last === undefined || last.at - first.at < 1000) return undefined;
  const rate = ((last.done - first.done) / (last.at - first.at)) * 1000;
  return rate > 0 ? rate : undefined;
}
