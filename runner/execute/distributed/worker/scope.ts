import type { Progress } from '../tasks.ts';

/** What work is given beside its task. */
export interface Scope {
  /** Aborted where the work is cancelled or the worker stops. */
  readonly signal: AbortSignal;
  /** Shown to whoever watches. */
  progress(progress: Progress): void;
}
