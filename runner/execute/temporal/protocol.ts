import type {
  RowsToCompute,
  RunTask,
  ShardResult,
  ShardSettings,
  ShardTask,
  StageResult,
  StageTask,
} from '../distributed/tasks.ts';

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
  /** A worker that says nothing for so long is taken for lost. */
  readonly heartbeatSeconds: number;
}

/** The activities of a worker. */
export interface Activities {
  /** Finds out which rows of a row stage are to be computed. */
  listRows(task: StageTask): Promise<RowsToCompute>;
  computeRows(task: ShardTask): Promise<ShardResult>;
  runStage(task: RunTask): Promise<StageResult>;
}

/** How an activity fails for good; its details are a `FailureDetails`. */
export const stageFailed = 'StageFailed';
export const refused = 'Refused';

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
