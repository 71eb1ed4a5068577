import type { Progress } from '../tasks.ts';

/** What work is given beside its task. */
export interface Scope {
  /** Aborted where the work is cancelled or the worker stops. */
  readonly signal: AbortSignal;
  /** Shown to whoever watches. */
  progress(progress: Progress): void;
  /** Called where the work had to wait for its turn, once it has come. */
  begins?(): void;
  /** Called where the work is about to end, so that what is to be done next may be asked for. */
  ending?(): void;
}
