import type { LiveRun, LiveStage, LiveStageState } from './live-run.ts';
import type { PlannedStage } from './plan.ts';

/** How a stage is shown: as the plan has it, or as the newest run does. */
export type ShownState = LiveStageState | PlannedStage['state'];

export interface ShownStage {
  readonly state: ShownState;
  /** One sentence on why. */
  readonly sentence: string;
  /** What the newest run tells of it, where that is what is shown. */
  readonly live?: LiveStage;
}

/** What each state is called on the page. */
export const stateWords: Readonly<Record<ShownState, string>> = {
  cached: 'cached',
  stale: 'would run',
  waiting: 'waits',
  running: 'running',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  interrupted: 'interrupted',
};

/**
 * While a run goes on it alone knows how a stage stands. When it is over, the plan does; what the run did is still told of
 * stages that it brought up to date, and of those that failed in it.
 */
export function shownStage(stage: PlannedStage, run: LiveRun | undefined): ShownStage {
  const live = run?.stages[stage.name];
  // The state stands beside it already.
  const planned = { state: stage.state, sentence: stage.sentence.replace(/^cached, /, '') };
  if (run === undefined || live === undefined) return planned;
  const isCurrent = stage.state === 'cached';
  const tells =
    run.state === 'running' ||
    (live.state === 'done' && isCurrent) ||
    ((live.state === 'failed' || live.state === 'interrupted') && !isCurrent);
  if (!tells) return planned;
  return { state: live.state, sentence: liveSentence(stage, live), live };
}

function liveSentence({ sentence }: PlannedStage, live: LiveStage): string {
  switch (live.state) {
    case 'failed':
      return live.problems?.[0]?.message ?? 'it failed';
    case 'waiting':
      return sentence;
    case 'interrupted':
      return 'it was running when the run ended';
    default:
      return live.because ?? sentence;
  }
}

/** How long a stage has run or ran, in milliseconds. */
export function stageTime({ startedAt, endedAt }: LiveStage, now: number): number | undefined {
  return startedAt === undefined ? undefined : (endedAt ?? now) - startedAt;
}
