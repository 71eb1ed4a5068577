import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import { probe, rangesAfterProbe } from '../distributed/shards.ts';
import type {
  FailureDetails,
  RowRange,
  RowsToCompute,
  ShardResult,
  StageResult,
  StageTask,
} from '../distributed/tasks.ts';
import {
  type Activities,
  activityId,
  type ActivityPart,
  activityQueue,
  stageFailed,
  type WorkflowInput,
  type WorkflowResult,
  type WorkflowStage,
} from './protocol.ts';

/**
 * The workflow: starts each stage as soon as what it needs is there, and divides the rows of row stages. It is replayed
 * by Temporal, so it decides from its input and from activities' results alone.
 */
export async function pipeline(input: WorkflowInput): Promise<WorkflowResult> {
  const run = new Run(input);
  return run.result();
}

type Settled =
  { readonly type: 'done'; readonly result: StageResult } | { readonly type: 'failed' | 'skipped' };

/** A lost worker costs another attempt. What loses its worker so often loses it by its own fault. */
const attemptsAtMost = 20;

/** For stages that name no timeout. */
const longestDays = 30;
/** Beside the stage itself, the time to bring its inputs and to store what it made. */
const transferSeconds = 3600;

class Run {
  readonly #input: WorkflowInput;
  readonly #settled = new Map<string, Promise<Settled>>();
  #failure: ApplicationFailure | undefined;

  constructor(input: WorkflowInput) {
    this.#input = input;
  }

  async result(): Promise<WorkflowResult> {
    const { stages } = this.#input;
    // In topological order: what a stage needs is in the map before it is asked for.
    for (const stage of stages) this.#settled.set(stage.name, this.#settle(stage));
    const ended = await Promise.all(
      stages.map(async ({ name }) => ({ name, type: (await this.#settled.get(name)!).type })),
    );
    if (this.#failure !== undefined) throw this.#failure;
    const named = (type: Settled['type']): string[] =>
      ended.filter((stage) => stage.type === type).map(({ name }) => name);
    return { done: named('done'), failed: named('failed'), skipped: named('skipped') };
  }

  async #settle(stage: WorkflowStage): Promise<Settled> {
    const inputs: Record<string, string> = {};
    for (const name of stage.needs) {
      const settled = await this.#settled.get(name);
      if (settled !== undefined && settled.type !== 'done') return { type: 'skipped' };
      inputs[name] = settled?.result.key ?? this.#input.given[name];
    }
    if (this.#failure !== undefined && !this.#input.keepGoing) return { type: 'skipped' };
    const { plan, cache } = this.#input;
    const task: StageTask = { plan, cache, stage: stage.name, inputs };
    try {
      const result = stage.rows ? await this.#divided(stage, task) : await this.#whole(stage, task);
      return { type: 'done', result };
    } catch (error) {
      if (isCancellation(error)) throw error;
      this.#failure ??= failureOf(stage, error);
      return { type: 'failed' };
    }
  }

  #whole(stage: WorkflowStage, task: StageTask): Promise<StageResult> {
    return this.#perform(stage, 'run', 0, (activities) => activities.runStage(task));
  }

  async #divided(stage: WorkflowStage, task: StageTask): Promise<StageResult> {
    const rows = await this.#perform(stage, 'list', 0, (activities) => activities.listRows(task));
    if (rows.finished !== undefined) return rows.finished;
    await this.#shards(stage, task, rows);
    return this.#perform(stage, 'run', 0, (activities) =>
      activities.runStage({ ...task, computed: rows.missing }),
    );
  }

  async #shards(stage: WorkflowStage, task: StageTask, { missing, list }: RowsToCompute): Promise<void> {
    let number = 0;
    const compute = (range: RowRange): Promise<ShardResult> =>
      this.#perform(stage, 'shard', number++, (activities) =>
        activities.computeRows({ ...task, ...range, ...(list !== undefined && { list }) }),
      );
    const settings = this.#input.shards;
    const first = probe(missing, settings);
    const probed = first === undefined ? undefined : await compute(first);
    const start = first?.to ?? 0;
    await Promise.all(rangesAfterProbe(missing, start, probed?.millisecondsPerRow, settings).map(compute));
  }

  /** One activity; a stage that fails is tried again as often as it says. */
  async #perform<T>(
    stage: WorkflowStage,
    part: ActivityPart,
    number: number,
    call: (activities: Activities) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await call(this.#activities(stage, part, number, attempt));
      } catch (error) {
        const again = attempt < stage.retries && typeOf(error) === stageFailed;
        if (!again) throw error;
      }
    }
  }

  #activities(stage: WorkflowStage, part: ActivityPart, number: number, attempt: number): Activities {
    const { taskQueue, heartbeatSeconds } = this.#input;
    const seconds =
      stage.timeoutSeconds === undefined
        ? longestDays * 86_400
        : Math.ceil(stage.timeoutSeconds) + transferSeconds;
    return proxyActivities<Activities>({
      activityId: activityId(stage.name, part, number * 1000 + attempt),
      taskQueue: activityQueue(taskQueue, part === 'list' ? 'cpu' : stage.resource),
      startToCloseTimeout: `${seconds} s`,
      heartbeatTimeout: `${heartbeatSeconds} s`,
      retry: {
        initialInterval: '1 s',
        backoffCoefficient: 2,
        maximumInterval: '30 s',
        maximumAttempts: attemptsAtMost,
      },
    });
  }
}

function typeOf(error: unknown): string | undefined {
  if (!(error instanceof ActivityFailure)) return undefined;
  return error.cause instanceof ApplicationFailure ? (error.cause.type ?? undefined) : undefined;
}

/** The failure of the workflow: says the same as that of the activity, which the client reads in the history. */
function failureOf(stage: WorkflowStage, error: unknown): ApplicationFailure {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (cause instanceof CancelledFailure) throw cause;
  const [details] = cause instanceof ApplicationFailure ? (cause.details as FailureDetails[]) : [];
  const message = details?.failures[0]?.message ?? cause?.message ?? String(error);
  return ApplicationFailure.create({
    type: typeOf(error) ?? 'WorkerLost',
    message: `${stage.name}: ${message}`,
    nonRetryable: true,
  });
}
