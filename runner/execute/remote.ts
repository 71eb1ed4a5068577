import type { CacheEntry } from '../cache/entry.ts';
import type { ResolvedStage } from '../plan/resolve.ts';
import type { StageOutcome, StageRunOptions } from './run-stage.ts';

/** How a stage ended for those that need it. */
export type Settled =
  { readonly type: 'ready'; readonly entry: CacheEntry } | { readonly type: 'unavailable' };

/** Stages that run on other machines; the scheduler waits for them where it would run the others. */
export interface RemoteStages {
  has(stage: string): boolean;
  /** Called once before any stage is run; `settled` tells how a stage that the run knows of ended. */
  begin(settled: (stage: string) => Promise<Settled>): void;
  /** Resolves once the stage's artifact is in the cache, or with why it is not. Tries again by itself. */
  run(stage: ResolvedStage, options: Pick<StageRunOptions, 'emit' | 'signal'>): Promise<StageOutcome>;
}
