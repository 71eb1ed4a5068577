import type { Client, Connection } from '@temporalio/client';
import type { StageInstance } from '../../../config/index.ts';
import { Resolver } from '../../../plan/resolve.ts';
import type { RemoteRecord } from '../../../record/runs.ts';
import type { Round, RoundState, Service } from '../../distributed/client/round.ts';
import { type Plan, planOf, plansFolder, planText } from '../../distributed/plan.ts';
import type { SharedPlace } from '../../distributed/shared-place.ts';
import type { ShardSettings } from '../../distributed/tasks.ts';
import type { RemoteContext } from '../../remote.ts';
import type { TemporalPlace } from '../connection.ts';
import { type WorkflowInput, workflowType } from '../protocol.ts';
import { workflowStage } from '../workflow-stage.ts';
import { tellMissingWorkers } from './missing-workers.ts';
import { WorkflowWatch } from './watch-workflow.ts';

/** How rows are divided, and when a worker is taken for lost. */
export interface TemporalShards extends Omit<ShardSettings, 'atMost'> {
  readonly heartbeatSeconds: number;
}

export interface TemporalParts {
  readonly place: TemporalPlace;
  readonly shared: SharedPlace;
  readonly shards: TemporalShards;
  connect(): Promise<{ readonly client: Client; readonly connection: Connection }>;
}

/** Activities of a workflow that may be under way at once: the server allows 2,000. */
const activitiesAtOnce = 1500;
const shardsOfStageAtMost = 1000;

/** Rounds as workflows. */
export class TemporalService implements Service<WorkflowWatch> {
  readonly noun = 'the workflow';
  readonly where = 'stages run on workers';
  readonly #context: RemoteContext;
  readonly #parts: TemporalParts;
  readonly #over = new AbortController();
  #connected: Promise<{ client: Client; connection: Connection }> | undefined;

  constructor(context: RemoteContext, parts: TemporalParts) {
    this.#context = context;
    this.#parts = parts;
  }

  async start({ stages, given }: Round): Promise<WorkflowWatch> {
    const { pipeline, workspace, signal, emit, keepGoing } = this.#context;
    const { place, shared, shards: settings } = this.#parts;
    // While the plan is made; that it fails is met below.
    this.#connect().catch(() => undefined);
    const resolver = new Resolver(workspace);
    const rowStages = stages.filter(isRowStage).length;
    const atMost = Math.min(shardsOfStageAtMost, Math.floor(activitiesAtOnce / Math.max(1, rowStages)));
    const { heartbeatSeconds, ...cut } = settings;
    const plan = await planOf(stages, { resolver, given, keepGoing, shards: { ...cut, atMost } });
    const { text, digest } = planText(plan);
    await shared.putText(plansFolder, text, signal);
    const { client, connection } = await this.#connect();
    const workflowId = `pipeline-${digest.slice(0, 32)}`;
    const handle = await client.workflow.start(workflowType, {
      workflowId,
      taskQueue: place.taskQueue,
      args: [this.#inputOf(plan, digest, stages, heartbeatSeconds)],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      memo: { pipeline: pipeline.file, stages: stages.length },
    });
    const { runId } = await handle.describe();
    emit({
      type: 'notice',
      message: `stages run on workers: workflow ${workflowId} at ${place.connection.address}`,
    });
    const resources = [...new Set(plan.stages.map((stage) => workflowStage(stage, false).resource))];
    void tellMissingWorkers(connection, { ...place, resources }, emit, this.#over.signal);
    return new WorkflowWatch({
      client,
      connection,
      place: { namespace: place.namespace, workflowId, runId },
      retries: new Map(stages.map(({ name, retries }) => [name, retries])),
      log: (stage) => workspace.runs.logPath(this.#context.run, stage),
      emit,
    });
  }

  record(
    rounds: readonly { readonly watch: WorkflowWatch; readonly state: RoundState | 'detached' }[],
  ): RemoteRecord {
    const { connection, namespace, taskQueue } = this.#parts.place;
    const workflows = rounds.map(({ watch: { place }, state }) => ({
      id: place.workflowId,
      run: place.runId,
      state,
    }));
    return { executor: 'temporal', address: connection.address, namespace, taskQueue, workflows };
  }

  async close(): Promise<void> {
    this.#over.abort();
    await (await this.#connected?.catch(() => undefined))?.connection.close();
  }

  #inputOf(
    plan: Plan,
    digest: string,
    stages: readonly StageInstance[],
    heartbeatSeconds: number,
  ): WorkflowInput {
    const { place, shared } = this.#parts;
    return {
      plan: digest,
      cache: shared.address,
      taskQueue: place.taskQueue,
      stages: plan.stages.map((stage, at) => workflowStage(stage, isRowStage(stages[at]))),
      given: Object.fromEntries(Object.entries(plan.given).map(([name, { key }]) => [name, key])),
      keepGoing: plan.keepGoing,
      shards: plan.shards,
      heartbeatSeconds,
    };
  }

  #connect(): Promise<{ client: Client; connection: Connection }> {
    this.#connected ??= this.#parts.connect();
    return this.#connected;
  }
}

function isRowStage({ uses }: StageInstance): boolean {
  return uses.type === 'kind' && uses.kind.type === 'row';
}
