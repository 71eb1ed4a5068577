import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import type { Emit } from '../../../events.ts';
import { activityQueue, type Resource } from '../protocol.ts';

const firstLookMilliseconds = 2000;
const laterLookMilliseconds = 20_000;

/** Says of each task queue that a workflow needs and that no worker serves that it waits; once, until one has come. */
export async function tellMissingWorkers(
  connection: Connection,
  place: { readonly namespace: string; readonly taskQueue: string; readonly resources: readonly Resource[] },
  emit: Emit,
  signal: AbortSignal,
): Promise<void> {
  const told = new Set<Resource>();
  for (let pause = firstLookMilliseconds; !signal.aborted; pause = laterLookMilliseconds) {
    await wait(pause, undefined, { signal }).catch(() => undefined);
    for (const resource of place.resources) {
      const name = activityQueue(place.taskQueue, resource);
      const served = signal.aborted || (await isServed(connection, place.namespace, name));
      if (served) told.delete(resource);
      else if (!told.has(resource)) {
        told.add(resource);
        const ofResource = resource === 'cpu' ? '' : ` --resource ${resource}`;
        const start = `pipeline worker --task-queue ${place.taskQueue}${ofResource}`;
        emit({ type: 'notice', message: `no worker serves the task queue ${name} yet; start one: ${start}` });
      }
    }
  }
}

async function isServed(connection: Connection, namespace: string, name: string): Promise<boolean> {
  try {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name },
      taskQueueType: 2,
    });
    return (pollers ?? []).length > 0;
  } catch {
    // Of a server that does not answer nothing is known.
    return true;
  }
}
