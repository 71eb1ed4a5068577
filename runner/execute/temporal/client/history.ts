import { setTimeout as wait } from 'node:timers/promises';
import type { Connection, HistoryEvent } from '@temporalio/client';

/** Codes of gRPC. */
const deadlineExceeded = 4;
const notFound = 5;

const pollMilliseconds = 60_000;
const pauseMilliseconds = 1000;

export interface WorkflowPlace {
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string;
}

/**
 * The events of a workflow's history, from the first on, each as soon as it is there; ends with the workflow. No worker
 * is asked, and a server that is away is waited for. Ends without a word once the signal is aborted.
 *
 * @param onTrouble told of each failure that is only waited out.
 * @throws where Temporal does not know the workflow (any more).
 */
export async function* historyOf(
  connection: Connection,
  { namespace, workflowId, runId }: WorkflowPlace,
  signal: AbortSignal,
  onTrouble: (error: Error) => void,
): AsyncGenerator<HistoryEvent> {
  let page: Uint8Array | undefined;
  while (!signal.aborted) {
    const request = {
      namespace,
      execution: { workflowId, runId },
      waitNewEvent: true,
      ...(page !== undefined && { nextPageToken: page }),
    };
    try {
      // The SDK leaves its listener on the signal that it is given.
      const response = await connection.withAbortSignal(AbortSignal.any([signal]), () =>
        connection.withDeadline(Date.now() + pollMilliseconds, () =>
          connection.workflowService.getWorkflowExecutionHistory(request),
        ),
      );
      yield* response.history?.events ?? [];
      page = response.nextPageToken ?? undefined;
      if (page === undefined || page.length === 0) return;
    } catch (error) {
      if (signal.aborted) return;
      const code = (error as { code?: number }).code;
      if (code === undefined || code === notFound) throw error;
      if (code === deadlineExceeded) continue;
      onTrouble(error as Error);
      await wait(pauseMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }
}
