import { setTimeout as wait } from 'node:timers/promises';
import type { Client, Connection } from '@temporalio/client';
import type { CacheEntry } from '../../../cache/entry.ts';
import { StoreError } from '../../../cache/store/object-store.ts';
import type { StageInstance } from '../../../config/index.ts';
import type { Problem } from '../../../errors.ts';
import type { Emit } from '../../../events.ts';
import { type ResolvedStage, Resolver } from '../../../plan/resolve.ts';
import type { RemoteRecord } from '../../../record/runs.ts';
import type { RemoteContext, RemoteRun, Settled } from '../../remote.ts';
import type { StageOutcome, StageRunOptions } from '../../run-stage.ts';
import type { TemporalPlace } from '../connection.ts';
import { roundsOf } from '../placement.ts';
import { type Plan, planOf, plansFolder, planText, workflowStage } from '../plan.ts';
import { type ShardSettings, type WorkflowInput, workflowType } from '../protocol.ts';
import type { SharedPlace } from '../shared-place.ts';
import { decideInterruption } from './interruption.ts';
import { tellMissingWorkers } from './missing-workers.ts';
import { type WatchedEnd, WorkflowWatch } from './watch-workflow.ts';

/** What to do with the workflow where the client is interrupted. */
export type OnInterrupt = 'detach' | 'cancel';

export interface RemoteRunOptions {
  readonly place: TemporalPlace;
  readonly shared: SharedPlace;
  readonly shards: Omit<ShardSettings, 'atMost'>;
  connect(): Promise<{ readonly client: Client; readonly connection: Connection }>;
  /** Undefined where whoever interrupts is to be asked. */
  readonly onInterrupt: OnInterrupt | undefined;
}

/** Activities of a workflow that may be under way at once: the server allows 2,000. */
const activitiesAtOnce = 1500;
const shardsOfStageAtMost = 1000;

const cancelMilliseconds = 20_000;

/** An artifact that is in the shared cache is asked for again where that does not answer. */
const lookups = 5;
const lookupPauseMilliseconds = 2000;

/** A run whose stages are done by workers: starts the workflows, or joins those that are under way already. */
export class TemporalRun implements RemoteRun {
  readonly #context: RemoteContext;
  readonly #options: RemoteRunOptions;
  readonly #rounds: readonly (readonly StageInstance[])[];
  readonly #roundOf = new Map<string, number>();
  readonly #watches = new Map<number, Promise<WorkflowWatch>>();
  readonly #over = new AbortController();
  #settled: (stage: string) => Promise<Settled> = () => Promise.resolve({ type: 'unavailable' });
  #connected: Promise<{ client: Client; connection: Connection }> | undefined;
  #interruption: Promise<void> | undefined;
  #detached = false;

  constructor(context: RemoteContext, options: RemoteRunOptions) {
    this.#context = context;
    this.#options = options;
    this.#rounds = roundsOf(context.pipeline, new Set(context.selection.run));
    this.#rounds.forEach((round, at) => {
      for (const { name } of round) this.#roundOf.set(name, at);
    });
    context.signal.addEventListener(
      'abort',
      () => {
        this.#interruption ??= this.#interrupted();
      },
      {
        once: true,
      },
    );
  }

  has(stage: string): boolean {
    return this.#roundOf.has(stage);
  }

  underWay(stage: string): boolean {
    const round = this.#roundOf.get(stage);
    return round !== undefined && this.#watches.has(round);
  }

  begin(settled: (stage: string) => Promise<Settled>): void {
    this.#settled = settled;
  }

  async run(stage: ResolvedStage, { emit }: Pick<StageRunOptions, 'emit'>): Promise<StageOutcome> {
    const { name } = stage.instance;
    const round = this.#roundOf.get(name)!;
    try {
      let watch = this.#watches.get(round);
      if (watch === undefined) {
        watch = this.#start(this.#rounds[round]);
        this.#watches.set(round, watch);
      }
      return await this.#outcome(stage, await (await watch).end(name), emit);
    } catch (error) {
      if (this.#context.signal.aborted) return { type: 'interrupted' };
      if (!(error instanceof StoreError)) throw error;
      const { message, hint } = error;
      const problem = { stage: name, message: `the shared cache cannot be used: ${message}` };
      return { type: 'failed', problems: [hint === undefined ? problem : { ...problem, hint }], output: [] };
    }
  }

  async close(): Promise<RemoteRecord | undefined> {
    await this.#interruption;
    this.#over.abort();
    const workflows: { id: string; run: string; state: RemoteRecord['workflows'][number]['state'] }[] = [];
    for (const [, started] of this.#watches) {
      const watch = await started.catch(() => undefined);
      if (watch === undefined) continue;
      // Of one whose stages have all ended, the end itself may be a moment away.
      await Promise.race([watch.over, wait(1000, undefined, { ref: false })]);
      await watch.leave();
      const state = this.#detached && watch.state === 'running' ? 'detached' : watch.state;
      workflows.push({ id: watch.place.workflowId, run: watch.place.runId, state });
    }
    await (await this.#connected?.catch(() => undefined))?.connection.close();
    this.#options.shared.close();
    if (workflows.length === 0) return undefined;
    const { connection, namespace, taskQueue } = this.#options.place;
    return { executor: 'temporal', address: connection.address, namespace, taskQueue, workflows };
  }

  async #start(round: readonly StageInstance[]): Promise<WorkflowWatch> {
    const { pipeline, workspace, signal, emit } = this.#context;
    const { place, shared } = this.#options;
    const { stages, given } = await this.#reachable(round);
    signal.throwIfAborted();
    const resolver = new Resolver({ ...workspace, workspace: workspace.folder });
    const rowStages = stages.filter(isRowStage).length;
    const atMost = Math.min(shardsOfStageAtMost, Math.floor(activitiesAtOnce / Math.max(1, rowStages)));
    const shards = { ...this.#options.shards, atMost };
    const plan = await planOf(stages, { resolver, given, keepGoing: this.#context.keepGoing, shards });
    for (const entry of given.values()) {
      await workspace.cache.sent(entry.key);
      await shared.publish(entry, (digest) => workspace.cache.path(digest), signal);
    }
    const { text, digest } = planText(plan);
    await shared.putText(plansFolder, text, signal);
    const { client, connection } = await this.#connect();
    const workflowId = `pipeline-${digest.slice(0, 32)}`;
    const handle = await client.workflow.start(workflowType, {
      workflowId,
      taskQueue: place.taskQueue,
      args: [this.#inputOf(plan, digest, stages)],
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

  /** The stages of a round whose inputs from outside it are there, and these. */
  async #reachable(
    round: readonly StageInstance[],
  ): Promise<{ stages: StageInstance[]; given: Map<string, CacheEntry> }> {
    const inside = new Set<string>();
    const stages: StageInstance[] = [];
    const given = new Map<string, CacheEntry>();
    const members = new Set(round.map(({ name }) => name));
    for (const instance of round) {
      let reachable = true;
      const taken = new Map<string, CacheEntry>();
      for (const name of Object.values(instance.inputs).flat()) {
        if (members.has(name)) reachable &&= inside.has(name);
        else {
          const settled = await this.#settled(name);
          if (settled.type === 'ready') taken.set(name, settled.entry);
          else reachable = false;
        }
      }
      if (!reachable) continue;
      inside.add(instance.name);
      stages.push(instance);
      for (const [name, entry] of taken) given.set(name, entry);
    }
    return { stages, given };
  }

  #inputOf(plan: Plan, digest: string, stages: readonly StageInstance[]): WorkflowInput {
    const { place, shared } = this.#options;
    return {
      plan: digest,
      cache: shared.address,
      taskQueue: place.taskQueue,
      stages: plan.stages.map((stage, at) => workflowStage(stage, isRowStage(stages[at]))),
      given: Object.fromEntries(Object.entries(plan.given).map(([name, { key }]) => [name, key])),
      keepGoing: plan.keepGoing,
      shards: plan.shards,
    };
  }

  #connect(): Promise<{ client: Client; connection: Connection }> {
    this.#connected ??= this.#options.connect();
    return this.#connected;
  }

  async #outcome(stage: ResolvedStage, end: WatchedEnd, emit: Emit): Promise<StageOutcome> {
    const { name } = stage.instance;
    if (end.type === 'left') {
      if (end.because === undefined || this.#context.signal.aborted) return { type: 'interrupted' };
      return { type: 'failed', problems: [{ stage: name, message: end.because }], output: [] };
    }
    if (end.type === 'failed') {
      const problems = end.failures.map(({ message, place, hint, stack }): Problem => ({
        stage: name,
        message,
        ...(place !== undefined && { place: { file: place } }),
        ...(hint !== undefined && { hint }),
        ...(stack !== undefined && { stack }),
      }));
      return { type: 'failed', problems, output: end.output };
    }
    const { key, rows, warnings } = end.result;
    for (const message of warnings) emit({ type: 'stage-warning', stage: name, message });
    const entry = key === stage.key ? await this.#bring(key) : undefined;
    if (entry !== undefined) return { type: 'done', entry, rows, kept: true, changed: [] };
    const { address } = this.#options.shared;
    const message =
      key === stage.key
        ? `its artifact cannot be brought from ${address}`
        : `the workers made it under the key ${key.slice(0, 12)} in the place of ${stage.key.slice(0, 12)}`;
    const hint = 'What the workers made stays in the shared cache: run again.';
    return { type: 'failed', problems: [{ stage: name, message, hint }], output: [] };
  }

  async #bring(key: string): Promise<CacheEntry | undefined> {
    for (let attempt = 1; attempt <= lookups; attempt += 1) {
      const lookup = await this.#context.workspace.cache.lookup(key);
      if (lookup.type === 'hit') return lookup.entry;
      await wait(lookupPauseMilliseconds);
    }
    return undefined;
  }

  /** The workflow goes on or is cancelled; either way this run waits for it no longer. */
  async #interrupted(): Promise<void> {
    const watches = await Promise.all(
      [...this.#watches.values()].map((watch) => watch.catch(() => undefined)),
    );
    const running = watches.filter((watch) => watch?.state === 'running');
    if (running.length === 0) return;
    const decision = await decideInterruption(this.#options.onInterrupt, (message) => {
      this.#context.emit({ type: 'notice', message });
    });
    for (const watch of running) {
      if (decision === 'cancel') {
        await watch!.cancel(cancelMilliseconds).catch((error: unknown) => {
          const message = `the workflow could not be cancelled: ${(error as Error).message}`;
          this.#context.emit({ type: 'notice', message });
        });
      }
      await watch!.leave();
    }
    this.#detached = decision === 'detach';
    const ids = running.map((watch) => watch!.place.workflowId).join(', ');
    const message =
      decision === 'detach'
        ? `detached: ${ids} goes on; run the same again to join it`
        : `cancelled ${ids}; what is finished stays in the shared cache`;
    this.#context.emit({ type: 'notice', message });
  }
}

function isRowStage({ uses }: StageInstance): boolean {
  return uses.type === 'kind' && uses.kind.type === 'row';
}
