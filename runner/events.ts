import type { Problem } from './errors.ts';

/** Whose run another run waits for. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly run: string;
  /** ISO 8601. */
  readonly since: string;
  /** The arguments it was started with. */
  readonly command: string;
}

export interface RowCounts {
  readonly total: number;
  readonly computed: number;
  readonly reused: number;
}

/**
 * Everything that happens in a run. The runner tells what happens through these and never prints; loggers show them,
 * `--json` writes them one a line.
 */
export type Event =
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly stages: readonly string[];
      readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
      readonly profile?: string;
    }
  | { readonly type: 'waiting'; readonly holder: LockHolder }
  /** Something the user should know that stops nothing. */
  | { readonly type: 'notice'; readonly stage?: string; readonly message: string }
  /** Of a stage that another machine has run: its artifact is brought here. */
  | {
      readonly type: 'fetching';
      readonly stage: string;
      readonly from: string;
      readonly bytes: number;
    }
  /** Everything has run; what was made here is still on its way to the shared cache. */
  | {
      readonly type: 'sending';
      readonly to: string;
      readonly artifacts: number;
      readonly bytes: number;
    }
  | {
      readonly type: 'stage-cached';
      readonly stage: string;
      readonly key: string;
      /** The run that made the artifact. */
      readonly run: string;
    }
  | {
      readonly type: 'stage-started';
      readonly stage: string;
      readonly key: string;
      /** Why it runs, one sentence each. */
      readonly reasons: readonly string[];
      readonly attempt: number;
    }
  | {
      readonly type: 'stage-progress';
      readonly stage: string;
      readonly done: number;
      readonly total: number;
      readonly unit: string;
      readonly values?: Readonly<Record<string, number>>;
    }
  | { readonly type: 'stage-warning'; readonly stage: string; readonly message: string }
  | {
      readonly type: 'stage-finished';
      readonly stage: string;
      readonly key: string;
      /** The digest of what it made. */
      readonly artifact: string;
      readonly wallMs: number;
      readonly rows?: RowCounts;
      /** False where an input changed meanwhile: the result serves this run only. */
      readonly kept: boolean;
    }
  | {
      readonly type: 'stage-failed';
      readonly stage: string;
      readonly problems: readonly Problem[];
      /** The last lines it printed. */
      readonly output: readonly string[];
      /** The file with all that it printed. */
      readonly log: string;
      readonly attempt: number;
      /** True where it will be tried again. */
      readonly retrying: boolean;
    }
  | { readonly type: 'stage-skipped'; readonly stage: string; readonly because: string }
  | {
      readonly type: 'run-finished';
      readonly ok: boolean;
      readonly run: string;
      readonly ran: readonly string[];
      readonly cached: readonly string[];
      readonly failed: readonly string[];
      readonly skipped: readonly string[];
      readonly interrupted: boolean;
      readonly wallMs: number;
    };

export type Emit = (event: Event) => void;
