import type { JobFailure, RowCounts } from '../job.ts';

/**
 * What is said to those who do parts of a stage on other machines, and what they say. Names, digests and ranges only:
 * whatever is large is an object of the shared cache. Types alone: this is part of what Temporal's sandbox takes.
 */

/** How the rows of a stage are divided. */
export interface ShardSettings {
  /** Rows of each shard; where it is left out, as many as take `seconds`. */
  readonly rows?: number;
  readonly seconds: number;
  /** How many of one stage are under way at once. */
  readonly atMost: number;
}

/** What every part of a stage is told. */
export interface StageTask {
  readonly plan: string;
  readonly cache: string;
  readonly stage: string;
  /** Keys of the artifacts it takes in, by stage. */
  readonly inputs: Readonly<Record<string, string>>;
}

/** A range of the rows that a stage has to compute, counted in the list of them; `to` is not part of it. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** What a row stage has to compute. */
export interface RowsToCompute {
  readonly total: number;
  readonly missing: number;
  /** Name of the list of the missing rows' places; absent where all are missing. */
  readonly list?: string;
  /** Where nothing is to be computed since the whole artifact is there. */
  readonly finished?: StageResult;
}

export interface ShardTask extends StageTask, RowRange {
  readonly list?: string;
}

export interface ShardResult {
  /** Rows that are there now. */
  readonly rows: number;
  /** Rows that this attempt computed, not those that earlier ones had left. */
  readonly computed: number;
  /** Milliseconds that a row took, without what comes before the first; absent where there were too few to say. */
  readonly millisecondsPerRow?: number;
}

/** Runs a whole stage; of a row stage, puts together what was computed in shards. */
export interface RunTask extends StageTask {
  /** Rows that were computed in shards. */
  readonly computed?: number;
}

export interface StageResult {
  readonly key: string;
  /** The digest of what it made. */
  readonly artifact: string;
  /** Whether anything ran, rather than being found. */
  readonly ran: boolean;
  readonly rows?: RowCounts;
  /** What it had to say. */
  readonly warnings: readonly string[];
}

/** How a part of a stage has failed. */
export interface FailureDetails {
  readonly stage: string;
  readonly failures: readonly JobFailure[];
  /** The last lines it printed. */
  readonly output: readonly string[];
  readonly worker: string;
}

/** How far a part of a stage is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly values?: Readonly<Record<string, number>>;
}
