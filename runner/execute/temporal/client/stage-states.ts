import type { Failure, HistoryEvent, Payloads, PendingActivity } from '@temporalio/client';
import type { StageEnd as EndedStage } from '../../distributed/client/round.ts';
import type {
  FailureDetails,
  Progress,
  RowsToCompute,
  ShardResult,
  StageResult,
} from '../../distributed/tasks.ts';
import type { JobFailure } from '../../job.ts';
import { partsOfActivityId, stageFailed } from '../protocol.ts';

/** How a stage ended on the workers. */
export type StageEnd = EndedStage | { readonly type: 'cancelled' };

/** What a workflow's history and its pending activities say about its stages. */
export class StageStates {
  readonly #retries: ReadonlyMap<string, number>;
  readonly #activities = new Map<string, string>();
  readonly #rows = new Map<string, RowProgress>();

  /** @param retries how often each stage is tried again after a failure of its own. */
  constructor(retries: ReadonlyMap<string, number>) {
    this.#retries = retries;
  }

  /** Takes in an event; gives what it says about the end of a stage, if anything. */
  take(event: HistoryEvent): { readonly stage: string; readonly end: StageEnd } | undefined {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled != null) this.#activities.set(String(event.eventId), scheduled.activityId ?? '');
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed != null) return this.#completed(this.#id(completed), completed.result);
    const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    if (failed != null) return this.#failed(this.#id(failed), failed.failure);
    const cancelled = event.activityTaskCanceledEventAttributes;
    if (cancelled != null) {
      const { stage } = partsOfActivityId(this.#id(cancelled));
      return { stage, end: { type: 'cancelled' } };
    }
    return undefined;
  }

  /** How far each stage is that has something under way. */
  progress(pending: readonly PendingActivity[]): ReadonlyMap<string, Progress> {
    const stages = new Map<string, Progress>();
    const underWay = new Map<string, number>();
    for (const { activityId, heartbeatDetails } of pending) {
      const { stage, part } = partsOfActivityId(activityId ?? '');
      const heartbeat = firstOf<Progress>(heartbeatDetails);
      if (heartbeat === undefined || part === 'list') continue;
      if (part === 'shard') underWay.set(stage, (underWay.get(stage) ?? 0) + heartbeat.done);
      else if ((this.#rows.get(stage)?.missing ?? 0) === 0) stages.set(stage, heartbeat);
    }
    for (const [stage, { total, missing, finished }] of this.#rows) {
      const done = total - missing + finished + (underWay.get(stage) ?? 0);
      if (missing > 0) stages.set(stage, { done: Math.min(done, total), total, unit: 'rows' });
    }
    return stages;
  }

  #id({ scheduledEventId }: { readonly scheduledEventId?: { toString(): string } | null }): string {
    return this.#activities.get(String(scheduledEventId)) ?? '';
  }

  #completed(id: string, payloads: Payloads | null | undefined): ReturnType<StageStates['take']> {
    const { stage, part } = partsOfActivityId(id);
    if (part === 'shard') {
      const rows = this.#rows.get(stage);
      if (rows !== undefined) rows.finished += firstOf<ShardResult>(payloads)?.rows ?? 0;
      return undefined;
    }
    if (part === 'list') {
      const { total, missing, finished } = firstOf<RowsToCompute>(payloads)!;
      this.#rows.set(stage, { total, missing, finished: 0 });
      return finished && { stage, end: { type: 'done', result: finished } };
    }
    this.#rows.delete(stage);
    return { stage, end: { type: 'done', result: firstOf<StageResult>(payloads)! } };
  }

  #failed(id: string, failure: Failure | null | undefined): ReturnType<StageStates['take']> {
    const { stage, number } = partsOfActivityId(id);
    const info = failure?.applicationFailureInfo ?? failure?.cause?.applicationFailureInfo;
    const details = firstOf<FailureDetails>(info?.details);
    const ofStage = info?.type === stageFailed;
    const attempt = (number % 1000) + 1;
    const retrying = ofStage && attempt <= (this.#retries.get(stage) ?? 0);
    const failures = details?.failures ?? [lostWorkers(failure)];
    return { stage, end: { type: 'failed', failures, output: details?.output ?? [], attempt, retrying } };
  }
}

interface RowProgress {
  readonly total: number;
  readonly missing: number;
  finished: number;
}

function lostWorkers(failure: Failure | null | undefined): JobFailure {
  const why = failure?.cause?.message ?? failure?.message ?? 'it is not known why';
  return {
    message: `its workers failed again and again: ${why}`,
    hint: 'See what the workers say; where memory runs out, give the stage "resources: {memory: …}".',
  };
}

/** Temporal's payloads are JSON. */
function firstOf<T>(payloads: Payloads | null | undefined): T | undefined {
  const data = payloads?.payloads?.[0]?.data;
  // Nothing is a payload of no bytes.
  return data == null || data.length === 0
    ? undefined
    : (JSON.parse(Buffer.from(data).toString('utf8')) as T);
}
