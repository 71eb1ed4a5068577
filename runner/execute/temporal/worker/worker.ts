import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Worker } from '@temporalio/worker';
import type { CacheAddress } from '../../../config/cache-address.ts';
import { newRunId } from '../../../record/runs.ts';
import { KeptProcesses } from '../../distributed/worker/kept-processes.ts';
import { openSite } from '../../distributed/worker/site.ts';
import type { TemporalPlace } from '../connection.ts';
import { activityQueue, type Resource } from '../protocol.ts';
import { loadSdk } from '../sdk.ts';
import { unreachable } from '../unreachable.ts';
import { activitiesOf } from './activities.ts';
import { Slots } from './slots.ts';
import { takeState } from './take-state.ts';
import { workflowBundle } from './workflow-bundle.ts';

export interface WorkerOptions {
  /** The checkout: where pipeline.yaml and stages/ lie. */
  readonly folder: string;
  readonly home: string;
  readonly cache: CacheAddress;
  readonly place: TemporalPlace;
  readonly resources: readonly Resource[];
  /** Activities at once of each resource. */
  readonly slots: number;
  /** Threads for each. */
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
}

const none = { type: 'fixed-size', numSlots: 1 } as const;

const sameCode = 'Check out the same commit on client and workers; a worker sees it at its next task.';

/** Serves until it is told to stop; what it is at then is left to others, with the rows it has finished. */
export async function serve(options: WorkerOptions): Promise<void> {
  const { home, place, signal, log } = options;
  const worker = await loadSdk('worker', home);
  const activity = await loadSdk('activity', home);
  const logger = new worker.DefaultLogger('WARN', ({ message }) => {
    // Workflows and activities are served apart, which the SDK takes for an oversight.
    if (!/^No (?:activities|workflows) registered/.test(message)) log(message);
  });
  const identity = `${process.pid}@${hostname()}`;
  const { folder, cache, threads } = options;
  const run = newRunId(new Date());
  const { state, lock } = await takeState(join(folder, 'artifacts', '.cache', 'workers'), run, signal);
  const site = await openSite({ folder, home, cache, state, identity, run, threads, sameCode, log });
  const executors: KeptProcesses[] = [];
  try {
    const runtime = worker.Runtime.install({ logger, shutdownSignals: [] });
    const connection = await worker.NativeConnection.connect(place.connection).catch((error: unknown) => {
      throw unreachable(place, error);
    });
    const bundle = await workflowBundle(worker, home, logger);
    const common = { connection, namespace: place.namespace, identity };
    const workers: Worker[] = [
      await worker.Worker.create({
        ...common,
        taskQueue: place.taskQueue,
        workflowBundle: bundle,
        workflowThreadPoolSize: 1,
        maxConcurrentWorkflowTaskExecutions: 4,
        maxCachedWorkflows: 32,
      }),
    ];
    for (const resource of options.resources) {
      const slots = new Slots(options.slots);
      const executor = new KeptProcesses(folder, options.slots);
      executors.push(executor);
      const ofResource = { ...site, workspace: { ...site.workspace, executor } };
      workers.push(
        await worker.Worker.create({
          ...common,
          taskQueue: activityQueue(place.taskQueue, resource),
          activities: activitiesOf(ofResource, activity, slots),
          tuner: {
            activityTaskSlotSupplier: slots.supplier,
            // Nothing of these kinds comes to this queue.
            workflowTaskSlotSupplier: none,
            localActivityTaskSlotSupplier: none,
            nexusTaskSlotSupplier: none,
          },
          shutdownGraceTime: '0 s',
          maxHeartbeatThrottleInterval: '1 s',
          defaultHeartbeatThrottleInterval: '1 s',
        }),
      );
    }
    const stop = (): void => {
      for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
    };
    signal.addEventListener('abort', stop, { once: true });
    log(`worker ${identity} serves ${place.taskQueue} (${options.resources.join(', ')})`);
    const running = workers.map((each) => each.run());
    if (signal.aborted) stop();
    try {
      await Promise.all(running);
    } finally {
      stop();
      await Promise.allSettled(running);
      await connection.close();
      await runtime.shutdown();
    }
  } finally {
    for (const executor of executors) executor.dismiss();
    site.shared.close();
    lock.release();
  }
}
