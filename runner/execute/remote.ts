import type { CacheEntry } from '../cache/entry.ts';
import type { Pipeline } from '../config/index.ts';
import type { Result } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Selection } from '../graph/index.ts';
import type { ResolvedStage } from '../plan/resolve.ts';
import type { RemoteRecord } from '../record/runs.ts';
import type { Workspace } from '../workspace.ts';
import type { StageOutcome, StageRunOptions } from './run-stage.ts';

/** How a stage ended for those that need it. */
export type Settled =
  { readonly type: 'ready'; readonly entry: CacheEntry } | { readonly type: 'unavailable' };

/** Stages that run on other machines; the scheduler waits for them where it would run the others. */
export interface RemoteStages {
  has(stage: string): boolean;
  /** Whether the stage is being run elsewhere, or was in this run. */
  underWay(stage: string): boolean;
  /** Called once before any stage is run; `settled` tells how a stage that the run knows of ended. */
  begin(settled: (stage: string) => Promise<Settled>): void;
  /** Resolves once the stage's artifact is in the cache, or with why it is not. Tries again by itself. */
  run(stage: ResolvedStage, options: Pick<StageRunOptions, 'emit' | 'signal'>): Promise<StageOutcome>;
}

/** The stages of one run that run elsewhere. */
export interface RemoteRun extends RemoteStages {
  /** Called once all stages have settled. Tells where they ran, where any did. */
  close(): Promise<RemoteRecord | undefined>;
}

export interface RemoteContext {
  readonly workspace: Workspace;
  readonly pipeline: Pipeline;
  readonly selection: Selection;
  readonly run: string;
  readonly keepGoing: boolean;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

/** Makes ready for a run. The problems it returns come before anything has run. */
export type OpenRemote = (context: RemoteContext) => Promise<Result<RemoteRun>>;
