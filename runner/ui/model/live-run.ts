import type { RowCounts } from '../../events.ts';
import type { JournalEntry } from '../../record/journal.ts';

/** A run as its events have told it so far. All of it is plain JSON. */
export interface LiveRun {
  readonly run: string;
  /** The command line that started it, where that is known. */
  readonly command?: string;
  /** Whether this page can stop it. */
  readonly own: boolean;
  readonly state: RunState;
  /** Milliseconds since 1970, as all times here. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly stages: Readonly<Record<string, LiveStage>>;
  readonly notices: readonly string[];
}

/** `lost`: its process ended without a word. */
export type RunState = 'running' | 'done' | 'failed' | 'interrupted' | 'lost';

export interface LiveStage {
  readonly state: LiveStageState;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Why it runs; the run that its artifact is from; why it was skipped. */
  readonly because?: string;
  readonly progress?: Progress;
  readonly rows?: RowCounts;
  readonly warnings?: readonly string[];
  readonly problems?: readonly LiveProblem[];
  /** The last lines it printed before it failed. */
  readonly output?: readonly string[];
}

export type LiveStageState = 'waiting' | 'running' | 'cached' | 'done' | 'failed' | 'skipped' | 'interrupted';

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly values: readonly { readonly name: string; readonly value: number }[];
}

export interface LiveProblem {
  readonly message: string;
  readonly place?: string;
  readonly hint?: string;
}

const noticesKept = 50;

/** A run of which nothing has been heard yet. */
export function newRun(run: string, given: Pick<LiveRun, 'own' | 'command'>, startedAt: number): LiveRun {
  return { run, ...given, state: 'running', startedAt, stages: {}, notices: [] };
}

/** The run after one more of its events. */
export function follow(run: LiveRun, { at, event }: JournalEntry): LiveRun {
  switch (event.type) {
    case 'run-started':
      return {
        ...run,
        startedAt: at,
        stages: Object.fromEntries(event.stages.map((stage) => [stage, { state: 'waiting' }])),
      };
    case 'notice':
      return withNotice(run, event.stage === undefined ? event.message : `${event.stage}: ${event.message}`);
    case 'stage-cached':
      return change(run, event.stage, { state: 'cached', because: `made by run ${event.run}`, endedAt: at });
    case 'stage-started': {
      const attempt = event.attempt > 1 ? `attempt ${event.attempt}; ` : '';
      const because = attempt + event.reasons.join('; ');
      return replace(run, event.stage, { state: 'running', because, startedAt: at });
    }
    case 'stage-progress': {
      const { done, total, unit, values = {} } = event;
      const figures = Object.entries(values).map(([name, value]) => ({ name, value }));
      return change(run, event.stage, { progress: { done, total, unit, values: figures } });
    }
    case 'stage-warning': {
      const warnings = run.stages[event.stage]?.warnings ?? [];
      return change(run, event.stage, { warnings: [...warnings, event.message].slice(-noticesKept) });
    }
    case 'stage-finished':
      return change(run, event.stage, {
        state: 'done',
        endedAt: at,
        ...(event.rows !== undefined && { rows: event.rows }),
      });
    case 'stage-failed':
      return change(run, event.stage, {
        state: event.retrying ? 'running' : 'failed',
        endedAt: at,
        problems: event.problems.map(({ message, place, hint }) => ({
          message,
          ...(place !== undefined && { place: placeText(place) }),
          ...(hint !== undefined && { hint }),
        })),
        output: event.output,
      });
    case 'stage-skipped':
      return change(run, event.stage, { state: 'skipped', because: event.because, endedAt: at });
    case 'run-finished':
      return ended(run, event.interrupted ? 'interrupted' : event.ok ? 'done' : 'failed', at);
    default:
      return run;
  }
}

/** The run when nothing more will be heard of it. */
export function ended(run: LiveRun, state: RunState, at: number): LiveRun {
  const stages = Object.entries(run.stages).map(([name, stage]): [string, LiveStage] => {
    const cut = stage.state === 'running';
    return [name, cut ? { ...stage, state: 'interrupted', endedAt: at } : stage];
  });
  return { ...run, state, endedAt: at, stages: Object.fromEntries(stages) };
}

/** How many stages stand in each state. */
export function countStates(run: LiveRun): Readonly<Record<LiveStageState, number>> {
  const counts = { waiting: 0, running: 0, cached: 0, done: 0, failed: 0, skipped: 0, interrupted: 0 };
  for (const { state } of Object.values(run.stages)) counts[state] += 1;
  return counts;
}

function change(run: LiveRun, stage: string, changes: Partial<LiveStage>): LiveRun {
  return replace(run, stage, { ...(run.stages[stage] ?? { state: 'waiting' }), ...changes });
}

function replace(run: LiveRun, stage: string, now: LiveStage): LiveRun {
  return { ...run, stages: { ...run.stages, [stage]: now } };
}

function withNotice(run: LiveRun, notice: string): LiveRun {
  return { ...run, notices: [...run.notices, notice].slice(-noticesKept) };
}

function placeText({ file, line, column }: { file: string; line?: number; column?: number }): string {
  return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(':');
}
