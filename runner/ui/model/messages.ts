import type { JournalEntry } from '../../record/journal.ts';
import type { LiveRun } from './live-run.ts';
import type { PlanView, ProblemView } from './plan.ts';

/** What the server sends unasked, by the name of the server-sent event. The first is always `snapshot`. */
export interface Messages {
  readonly snapshot: Snapshot;
  readonly plan: PlanView;
  /** A run has begun, or its end was not told by itself. */
  readonly run: LiveRun;
  readonly events: { readonly run: string; readonly entries: readonly JournalEntry[] };
  readonly request: RequestState;
}

/** All that the page shows of what is going on. */
export interface Snapshot {
  /** The folder of the workspace. */
  readonly folder: string;
  readonly file: string;
  readonly profile?: string;
  readonly plan: PlanView;
  /** The newest run that was seen while the page was served, or is under way. */
  readonly run?: LiveRun;
  readonly request: RequestState;
}

/** What became of the last press of Run. */
export type RequestState =
  | { readonly type: 'idle' }
  | { readonly type: 'starting' }
  /** Another run holds the workspace. */
  | { readonly type: 'waiting'; readonly holder: string }
  | { readonly type: 'running' }
  /** It could not begin. */
  | { readonly type: 'refused'; readonly problems: readonly ProblemView[] };

export interface RunRequest {
  /** Only these and what they need; all where there is none. */
  readonly targets?: readonly string[];
  /** These and all that needs them, though they are cached. */
  readonly from?: readonly string[];
}
