import { setTimeout as wait } from 'node:timers/promises';
import type { Client, Connection, HistoryEvent, PendingActivity, WorkflowHandle } from '@temporalio/client';
import type { Emit } from '../../../events.ts';
import type { RoundState, RoundWatch, WatchedEnd } from '../../distributed/client/round.ts';
import { partsOfActivityId } from '../protocol.ts';
import { historyOf, type WorkflowPlace } from './history.ts';
import { type StageEnd, StageStates } from './stage-states.ts';

const progressMilliseconds = 1000;

/** Follows one workflow: tells of progress as events, and of each stage's end to who waits for it. */
export class WorkflowWatch implements RoundWatch {
  readonly place: WorkflowPlace;
  readonly #handle: WorkflowHandle;
  readonly #connection: Connection;
  readonly #states: StageStates;
  readonly #emit: Emit;
  readonly #log: (stage: string) => string;
  readonly #stop = new AbortController();
  readonly #ends = new Map<string, Deferred>();
  readonly #told = new Set<string>();
  readonly #over: Promise<void>;
  #state: RoundState = 'running';
  #awayTold = false;
  /** What whoever asks is told once nothing more will be known. */
  #leftBecause: WatchedEnd | undefined;

  constructor(options: {
    readonly client: Client;
    readonly connection: Connection;
    readonly place: WorkflowPlace;
    readonly retries: ReadonlyMap<string, number>;
    /** Where the output of a stage would be, for its events. */
    readonly log: (stage: string) => string;
    readonly emit: Emit;
  }) {
    const { client, connection, place, retries, log, emit } = options;
    this.place = place;
    this.#connection = connection;
    this.#handle = client.workflow.getHandle(place.workflowId, place.runId);
    this.#states = new StageStates(retries);
    this.#log = log;
    this.#emit = emit;
    this.#over = Promise.all([this.#followHistory(), this.#followProgress()]).then(() => undefined);
  }

  get name(): string {
    return this.place.workflowId;
  }

  /** A workflow is told of all stages of its round; what was made before it finds. */
  makes(): boolean {
    return true;
  }

  get state(): RoundState {
    return this.#state;
  }

  get over(): Promise<void> {
    return this.#over;
  }

  end(stage: string): Promise<WatchedEnd> {
    return this.#deferred(stage).promise;
  }

  async leave(): Promise<void> {
    this.#stop.abort();
    await this.#over;
  }

  async cancel(milliseconds: number): Promise<void> {
    await this.#connection.withDeadline(Date.now() + milliseconds, () => this.#handle.cancel());
    await Promise.race([this.#over, wait(milliseconds, undefined, { ref: false })]);
    await this.leave();
  }

  async #followHistory(): Promise<void> {
    let because: string | undefined;
    try {
      for await (const event of historyOf(this.#connection, this.place, this.#stop.signal, (error) => {
        this.#tellAway(error);
      })) {
        this.#awayTold = false;
        const found = this.#states.take(event);
        if (found !== undefined) this.#ended(found.stage, found.end);
        because = this.#closing(event) ?? because;
      }
    } catch (error) {
      because = `Temporal does not tell of the workflow any more: ${(error as Error).message}`;
      this.#state = 'failed';
    }
    this.#stop.abort();
    const left = { type: 'left', ...(because !== undefined && { because }) } as const;
    for (const deferred of this.#ends.values()) deferred.resolve(left);
    this.#leftBecause = left;
  }

  #deferred(stage: string): Deferred {
    let deferred = this.#ends.get(stage);
    if (deferred === undefined) {
      deferred = new Deferred();
      this.#ends.set(stage, deferred);
      if (this.#leftBecause !== undefined) deferred.resolve(this.#leftBecause);
    }
    return deferred;
  }

  #ended(stage: string, end: StageEnd): void {
    if (end.type === 'cancelled') return;
    if (end.type === 'failed' && end.retrying) {
      const { failures, output, attempt } = end;
      const problems = failures.map(({ message }) => ({ stage, message }));
      const log = this.#log(stage);
      this.#emit({ type: 'stage-failed', stage, problems, output, log, attempt, retrying: true });
    } else this.#deferred(stage).resolve(end);
  }

  /** Where an event ends the workflow otherwise than by its stages' ends, why. */
  #closing(event: HistoryEvent): string | undefined {
    if (event.workflowExecutionCompletedEventAttributes != null) this.#state = 'finished';
    else if (event.workflowExecutionFailedEventAttributes != null) this.#state = 'failed';
    else if (event.workflowExecutionCanceledEventAttributes != null) {
      this.#state = 'cancelled';
      return 'its workflow was cancelled';
    } else if (event.workflowExecutionTerminatedEventAttributes != null) {
      this.#state = 'cancelled';
      const { reason } = event.workflowExecutionTerminatedEventAttributes;
      return `its workflow was terminated${reason == null || reason === '' ? '' : `: ${reason}`}`;
    } else if (event.workflowExecutionTimedOutEventAttributes != null) {
      this.#state = 'failed';
      return 'its workflow timed out';
    }
    return undefined;
  }

  async #followProgress(): Promise<void> {
    const { signal } = this.#stop;
    const shown = new Map<string, string>();
    while (!signal.aborted) {
      await wait(progressMilliseconds, undefined, { signal }).catch(() => undefined);
      const pending = await this.#pending(signal);
      for (const activity of pending) this.#tellTrouble(activity);
      for (const [stage, progress] of this.#states.progress(pending)) {
        const text = JSON.stringify(progress);
        if (shown.get(stage) === text || signal.aborted) continue;
        shown.set(stage, text);
        this.#emit({ type: 'stage-progress', stage, ...progress });
      }
    }
  }

  async #pending(signal: AbortSignal): Promise<readonly PendingActivity[]> {
    if (signal.aborted) return [];
    try {
      const { raw } = await this.#connection.withAbortSignal(AbortSignal.any([signal]), () =>
        this.#handle.describe(),
      );
      return raw.pendingActivities ?? [];
    } catch {
      // Whether the server is away is said by who follows the history.
      return [];
    }
  }

  #tellAway(error: Error): void {
    if (this.#awayTold) return;
    this.#awayTold = true;
    this.#emit({ type: 'notice', message: `Temporal does not answer; waiting for it (${error.message})` });
  }

  /** Says once of each attempt that was lost why the next one is made. */
  #tellTrouble({ activityId, attempt, lastFailure, lastWorkerIdentity }: PendingActivity): void {
    const told = `${activityId ?? ''} ${attempt ?? 1}`;
    if ((attempt ?? 1) < 2 || lastFailure == null || this.#told.has(told)) return;
    this.#told.add(told);
    const { stage } = partsOfActivityId(activityId ?? '');
    const worker =
      lastWorkerIdentity == null || lastWorkerIdentity === '' ? 'a worker' : `worker ${lastWorkerIdentity}`;
    const lost = lastFailure.timeoutFailureInfo != null;
    const message = lost
      ? `${worker} was lost; what it had not finished is given to another`
      : `tried again: ${lastFailure.message ?? ''}`;
    this.#emit({ type: 'notice', stage, message });
  }
}

class Deferred {
  readonly promise: Promise<WatchedEnd>;
  resolve!: (end: WatchedEnd) => void;

  constructor() {
    this.promise = new Promise((resolve) => (this.resolve = resolve));
  }
}
