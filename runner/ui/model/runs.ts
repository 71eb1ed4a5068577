import type { Comparison } from '../../record/compare.ts';
import type { RunRecord } from '../../record/runs.ts';
import type { LiveRun } from './live-run.ts';

/** A run in the list of runs. */
export interface RunLine {
  readonly id: string;
  /** ISO 8601. */
  readonly started: string;
  readonly wallMs: number;
  readonly command: string;
  readonly profile?: string;
  readonly ok: boolean;
  /** How many stages ended in each way. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface RunPage {
  readonly runs: readonly RunLine[];
  readonly offset: number;
  readonly total: number;
}

export interface RunDetail {
  readonly record: RunRecord;
  /** What its journal tells; a run of an earlier version has none. */
  readonly story?: LiveRun;
  /** The run before it, to compare with. */
  readonly before?: string;
}

export interface RunComparison extends Comparison {
  readonly a: RunLine;
  readonly b: RunLine;
}

/** A part of what a stage printed. */
export interface LogPart {
  readonly text: string;
  /** Where to read on. */
  readonly next: number;
  /** Bytes before the part that were left out. */
  readonly skipped: number;
}
