import type { JobFailure, RowCounts } from '../job.ts';

/**
 * What client, workflow and workers say to each other. Names, digests and ranges only: whatever is large is an object of
 * the shared cache. This module is part of the workflow's bundle, so it imports nothing that runs.
 */

export const workflowType = 'pipeline';

/** What a worker must have for a stage; each has a task queue of its own. */
export type Resource = 'cpu' | 'memory' | 'gpu';

/** The task queue of activities that need a resource; the workflow's own tasks are on the queue of the plain name. */
export function activityQueue(taskQueue: string, resource: Resource): string {
  return `${taskQueue}-${resource}`;
}

/** A stage as the workflow knows it. */
export interface WorkflowStage {
  readonly name: string;
  /** Names of the stages it takes in. */
  readonly needs: readonly string[];
  /** Whether its rows can be divided among workers. */
  readonly rows: boolean;
  readonly resource: Resource;
  readonly retries: number;
  readonly timeoutSeconds?: number;
  /** Digest of what it does: code, packages and params. */
  readonly does: string;
}

export interface WorkflowInput {
  /** Digest of the plan: its name in the shared cache. */
  readonly plan: string;
  /** The shared cache as the client names it, for messages. */
  readonly cache: string;
  readonly taskQueue: string;
  /** In topological order. */
  readonly stages: readonly WorkflowStage[];
  /** Keys of the artifacts that were there before, by stage. */
  readonly given: Readonly<Record<string, string>>;
  readonly keepGoing: boolean;
  readonly shards: ShardSettings;
}

export interface ShardSettings {
  /** Rows of each shard; where it is left out, as many as take `seconds`. */
  readonly rows?: number;
  readonly seconds: number;
  /** How many of one stage are under way at once. */
  readonly atMost: number;
  /** A worker that says nothing for so long is taken for lost. */
  readonly heartbeatSeconds: number;
}

/** What every activity is told. */
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

/** The activities of a worker. */
export interface Activities {
  /** Finds out which rows of a row stage are to be computed. */
  listRows(task: StageTask): Promise<RowsToCompute>;
  computeRows(task: ShardTask): Promise<ShardResult>;
  runStage(task: RunTask): Promise<StageResult>;
}

/** How an activity fails for good. */
export const stageFailed = 'StageFailed';
export const refused = 'Refused';

/** The details of such a failure. */
export interface FailureDetails {
  readonly stage: string;
  readonly failures: readonly JobFailure[];
  /** The last lines it printed. */
  readonly output: readonly string[];
  readonly worker: string;
}

/** What a heartbeat carries. */
export interface Heartbeat {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly values?: Readonly<Record<string, number>>;
}

/** The workflow's result. */
export interface WorkflowResult {
  readonly done: readonly string[];
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

/** Activity ids say what an activity is for: the client reads the workflow's history by them. */
export type ActivityPart = 'list' | 'shard' | 'run';

export function activityId(stage: string, part: ActivityPart, number: number): string {
  return `${part}:${number}:${stage}`;
}

export function partsOfActivityId(id: string): { stage: string; part: ActivityPart; number: number } {
  const [part, number, ...stage] = id.split(':');
  return { stage: stage.join(':'), part: part as ActivityPart, number: Number(number) };
}
