import type { Heartbeat } from '../protocol.ts';

/** What an activity is given beside its task. */
export interface Scope {
  /** Aborted where the activity is cancelled or the worker stops. */
  readonly signal: AbortSignal;
  /** Shown to whoever watches. */
  progress(heartbeat: Heartbeat): void;
}
