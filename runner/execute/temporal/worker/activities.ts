import type * as Sdk from '@temporalio/activity';
import { setMaxListeners } from 'node:events';
import type { FailureDetails, Progress, RunTask, ShardTask, StageTask } from '../../distributed/tasks.ts';
import { computeRows } from '../../distributed/worker/compute-rows.ts';
import { listRows } from '../../distributed/worker/list-rows.ts';
import { StageOpener } from '../../distributed/worker/open-stage.ts';
import { Refusal } from '../../distributed/worker/refusal.ts';
import { runWhole } from '../../distributed/worker/run-stage.ts';
import type { Scope } from '../../distributed/worker/scope.ts';
import type { Site } from '../../distributed/worker/site.ts';
import { StageFailed } from '../../distributed/worker/stage-failed.ts';

import { type Activities, refused, stageFailed } from '../protocol.ts';
import type { Slots } from './slots.ts';

type ActivitySdk = typeof Sdk;

const heartbeatMilliseconds = 1000;

/** The activities as Temporal calls them: with heartbeats, and failures in its terms. */
export function activitiesOf(site: Site, sdk: ActivitySdk, slots: Slots): Activities {
  const opener = new StageOpener(site);
  const activity =
    <Task extends StageTask, Result>(
      describe: (task: Task) => string,
      work: (task: Task, scope: Scope) => Promise<Result>,
    ) =>
    (task: Task): Promise<Result> =>
      perform(site, sdk, slots, { task, what: describe(task) }, (scope) => work(task, scope));
  return {
    listRows: activity(
      ({ stage }: StageTask) => `${stage}: rows to compute`,
      (task, scope) => listRows(site, opener, task, scope),
    ),
    computeRows: activity(
      ({ stage, from, to }: ShardTask) => `${stage}: rows ${from + 1} to ${to} of those missing`,
      (task, scope) => computeRows(site, opener, task, scope),
    ),
    runStage: activity(
      ({ stage }: RunTask) => stage,
      (task, scope) => runWhole(site, opener, task, scope),
    ),
  };
}

async function perform<Result>(
  site: Site,
  sdk: ActivitySdk,
  slots: Slots,
  { task, what }: { readonly task: StageTask; readonly what: string },
  work: (scope: Scope) => Promise<Result>,
): Promise<Result> {
  const context = sdk.Context.current();
  const signal = context.cancellationSignal;
  // Several requests are under way at once.
  setMaxListeners(0, signal);
  let last: Progress | undefined;
  const beat = (): void => {
    context.heartbeat(last);
  };
  // Beats whether or not there is progress: what tells of a lost worker is silence.
  beat();
  const timer = setInterval(beat, heartbeatMilliseconds);
  let started = performance.now();
  let ended: (() => void) | undefined;
  const scope: Scope = {
    signal,
    begins() {
      started = performance.now();
    },
    ending() {
      ended ??= slots.endsSoon();
    },
    progress({ done, total, unit, values }) {
      last = { done, total, unit, ...(values !== undefined && { values }) };
    },
  };
  try {
    const result = await work(scope);
    site.log(`${what}: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return result;
  } catch (error) {
    if (signal.aborted) throw await stopped(site, sdk, context.cancelled, what);
    throw failureOf(site, sdk, task.stage, what, error);
  } finally {
    clearInterval(timer);
    ended?.();
  }
}

/** Whether the run was cancelled, or only this worker stops and another is to go on. */
async function stopped(
  site: Site,
  sdk: ActivitySdk,
  cancelled: Promise<never>,
  what: string,
): Promise<unknown> {
  const reason: unknown = await cancelled.catch((error: unknown) => error);
  const ofWorker = reason instanceof Error && reason.message === 'WORKER_SHUTDOWN';
  site.log(`${what}: ${ofWorker ? 'left to another worker' : 'cancelled'}`);
  if (!ofWorker) return reason;
  const message = `${site.identity} was told to stop`;
  return sdk.ApplicationFailure.create({ type: 'WorkerStopped', message, nonRetryable: false });
}

function failureOf(
  site: Site,
  sdk: ActivitySdk,
  stage: string,
  what: string,
  error: unknown,
): Sdk.ApplicationFailure {
  const message = error instanceof Error ? error.message : String(error);
  site.log(`${what}: ${message}`);
  const forGood = (type: string, details: Omit<FailureDetails, 'stage' | 'worker'>): Sdk.ApplicationFailure =>
    sdk.ApplicationFailure.create({
      type,
      message,
      nonRetryable: true,
      details: [{ stage, worker: site.identity, ...details } satisfies FailureDetails],
    });
  if (error instanceof Refusal) return forGood(refused, { failures: [error.failure], output: [] });
  if (error instanceof StageFailed) {
    return forGood(stageFailed, { failures: error.failures, output: error.output });
  }
  // What is wrong between this worker and the store may be right at the next attempt.
  return sdk.ApplicationFailure.create({ type: 'WorkerTrouble', message, nonRetryable: false });
}
