import { setTimeout as wait } from 'node:timers/promises';
import type { Connection, HistoryEvent } from '@temporalio/client';

/** Codes of gRPC. */
const deadlineExceeded = 4;
const notFound = 5;

/** A server that waits for what is to come answers before, if only that nothing has. */
const pollMilliseconds = 30_000;
/** What there is already is given at once. */
const firstMilliseconds = 5000;
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
  let last = 0;
  // Temporal's test server keeps back what there is where it is asked to wait for more: it is asked again and again.
  let waiting = true;
  while (!signal.aborted) {
    const request = {
      namespace,
      execution: { workflowId, runId },
      waitNewEvent: waiting,
      ...(page !== undefined && { nextPageToken: page }),
    };
    const milliseconds = page === undefined ? firstMilliseconds : pollMilliseconds;
    try {
      // The SDK leaves its listener on the signal that it is given.
      const response = await connection.withAbortSignal(AbortSignal.any([signal]), () =>
        connection.withDeadline(Date.now() + milliseconds, () =>
          connection.workflowService.getWorkflowExecutionHistory(request),
        ),
      );
      for (const event of response.history?.events ?? []) {
        const id = Number(String(event.eventId));
        if (id <= last) continue;
        last = id;
        yield event;
        if (isLast(event)) return;
      }
      const { nextPageToken } = response;
      page = nextPageToken == null || nextPageToken.length === 0 ? undefined : nextPageToken;
      if (page === undefined) {
        waiting = false;
        await pause(signal);
      }
    } catch (error) {
      if (signal.aborted) return;
      const code = (error as { code?: number }).code;
      if (code === undefined || code === notFound) throw error;
      if (code === deadlineExceeded) {
        waiting = false;
        page = undefined;
      } else {
        onTrouble(error as Error);
        await pause(signal);
      }
    }
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await wait(pauseMilliseconds, undefined, { signal }).catch(() => undefined);
}

function isLast(event: HistoryEvent): boolean {
  return [
    event.workflowExecutionCompletedEventAttributes,
    event.workflowExecutionFailedEventAttributes,
    event.workflowExecutionCanceledEventAttributes,
    event.workflowExecutionTerminatedEventAttributes,
    event.workflowExecutionTimedOutEventAttributes,
  ].some((attributes) => attributes != null);
}
