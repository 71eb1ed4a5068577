import pLimit from 'p-limit';
import type { CacheEntry } from '../cache/entry.ts';
import type { Lookup } from '../cache/cache.ts';
import type { Pipeline, StageInstance } from '../config/index.ts';
import { PipelineError, type Problem } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Selection } from '../graph/index.ts';
import { inputsOf } from '../plan/inputs.ts';
import { reasonsFor } from '../plan/reasons.ts';
import { type ResolvedStage, Resolver } from '../plan/resolve.ts';
import { printableName } from '../printable.ts';
import type { Lockfile } from '../record/lockfile.ts';
import type { StageRecord } from '../record/runs.ts';
import { systemProblem } from '../system-problem.ts';
import type { Workspace } from '../workspace.ts';
import { failureOf } from './failure.ts';
import { Given } from './given.ts';
import { present } from './present.ts';
import type { RemoteStages, Settled } from './remote.ts';
import { Machine } from './resources.ts';
import { runStage } from './run-stage.ts';

export interface ScheduleOptions {
  readonly run: string;
  readonly jobs: number;
  /** Run everything selected though it is cached. */
  readonly force: boolean;
  /** Whether what is forced takes rows that were made before. */
  readonly keepRows: boolean;
  readonly keepGoing: boolean;
  /** Whether `artifacts/` and the lockfile show what was made; or only what commands read and make is shown. */
  readonly publish: boolean | 'commands';
  /** Why the forced ones of the selection run, e.g. `forced by --from features`. */
  readonly forcedBecause: string;
  /** Where some of the stages run instead of on this machine. */
  readonly remote?: RemoteStages | undefined;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

export interface ScheduleOutcome {
  readonly stages: ReadonlyMap<string, StageRecord>;
  readonly artifacts: ReadonlyMap<string, CacheEntry>;
  readonly interrupted: boolean;
}

type RunStage = typeof runStage;

/**
 * Runs the selected stages, each as soon as what it needs is there, as many at once as the machine has room for.
 * `given` holds the artifacts of stages that are needed but not selected.
 */
export class Scheduler {
  readonly #workspace: Workspace;
  readonly #pipeline: Pipeline;
  readonly #selection: Selection;
  readonly #lockfile: Lockfile;
  readonly #options: ScheduleOptions;
  readonly #resolver: Resolver;
  readonly #machine = new Machine();
  readonly #settled = new Map<string, Promise<Settled>>();
  readonly #records = new Map<string, StageRecord>();
  readonly #forced: ReadonlySet<string>;
  readonly #atOnce: ReturnType<typeof pLimit>;
  /** Selected stages of kinds that have not begun. */
  readonly #toCome = new Set<string>();
  #failed = false;

  constructor(
    workspace: Workspace,
    plan: {
      readonly pipeline: Pipeline;
      readonly selection: Selection;
      readonly lockfile: Lockfile;
      readonly given: ReadonlyMap<string, CacheEntry>;
    },
    options: ScheduleOptions,
  ) {
    this.#workspace = workspace;
    this.#pipeline = plan.pipeline;
    this.#selection = plan.selection;
    this.#lockfile = plan.lockfile;
    this.#options = options;
    this.#resolver = new Resolver(workspace, (instance) => {
      this.#expect(instance);
    });
    this.#forced = new Set(plan.selection.forced);
    this.#atOnce = pLimit(options.jobs);
    for (const [name, entry] of plan.given)
      this.#settled.set(name, Promise.resolve({ type: 'ready', entry }));
  }

  async run(): Promise<ScheduleOutcome> {
    const selected = new Set(this.#selection.run);
    this.#options.remote?.begin((name) => this.#settled.get(name)!);
    // In topological order: what a stage needs is in the map before it is asked for.
    for (const instance of this.#pipeline.instances) {
      if (!selected.has(instance.name)) continue;
      if (instance.uses.type === 'kind') this.#toCome.add(instance.name);
      this.#settled.set(instance.name, this.#settle(instance));
    }
    const artifacts = new Map<string, CacheEntry>();
    for (const name of this.#selection.run) {
      const settled = await this.#settled.get(name)!;
      if (settled.type === 'ready') artifacts.set(name, settled.entry);
    }
    this.#workspace.executor.dismiss();
    return { stages: this.#records, artifacts, interrupted: this.#options.signal.aborted };
  }

  /** Never rejects: what goes wrong beside the stage itself, such as a full disk, is a failure of the stage too. */
  async #settle(instance: StageInstance): Promise<Settled> {
    try {
      return await this.#reach(instance);
    } catch (error) {
      const { name } = instance;
      const { message, place, hint, stack } = failureOf(error);
      const unexpected: Problem = {
        message,
        ...(place !== undefined && { place: { file: place } }),
        ...(hint !== undefined && { hint }),
        ...(stack !== undefined && { stack }),
      };
      const problem = { ...(systemProblem(error) ?? unexpected), stage: name };
      const log = this.#workspace.runs.logPath(this.#options.run, name);
      this.#failed = true;
      this.#records.set(name, { status: 'failed' });
      this.#options.emit({
        type: 'stage-failed',
        stage: name,
        problems: error instanceof PipelineError ? error.problems : [problem],
        output: [],
        log,
        attempt: 1,
        retrying: false,
      });
      return { type: 'unavailable' };
    }
  }

  async #reach(instance: StageInstance): Promise<Settled> {
    const inputs: Record<string, CacheEntry[]> = {};
    for (const [name, stages] of Object.entries(instance.inputs)) {
      inputs[name] = [];
      for (const stage of stages) {
        const settled = await this.#settled.get(stage)!;
        if (settled.type === 'unavailable') return this.#skip(instance, `${stage} gave no artifact`);
        inputs[name].push(settled.entry);
      }
    }
    if (this.#options.signal.aborted) return this.#skip(instance, 'the run was interrupted');
    if (this.#failed && !this.#options.keepGoing) return this.#skip(instance, 'another stage failed');
    const resolved = await this.#resolver.resolve(instance, inputsOf(instance, inputs));
    const lookup = await this.#workspace.cache.lookup(resolved.key);
    if (lookup.type === 'damaged') this.#tellDamage(instance.name, lookup);
    const forced = this.#isForced(instance.name);
    const { remote } = this.#options;
    // What this very run has made elsewhere was not cached.
    const made = remote?.underWay(instance.name) === true;
    if (lookup.type === 'hit' && !forced && !made) return this.#takeCached(resolved, lookup.entry);
    if (remote?.has(instance.name) === true) {
      const run: RunStage = (_workspace, stage, options) => remote.run(stage, options);
      return this.#attempt(resolved, inputs, lookup, { threads: 0, retries: 0, here: false, run });
    }
    this.#expect(instance);
    const { cpus, memory } = this.#machine.share(instance.resources);
    const local = { threads: cpus, retries: instance.retries, here: true, run: runStage };
    return this.#atOnce(() =>
      this.#machine.use({ cpus, memory }, () => this.#attempt(resolved, inputs, lookup, local)),
    );
  }

  #isForced(stage: string): boolean {
    return this.#options.force || this.#forced.has(stage);
  }

  /** A stage is about to run: a process for it may start while the rest is looked at. */
  #expect({ name, uses }: StageInstance): void {
    if (uses.type !== 'kind' || this.#options.remote?.has(name) === true) return;
    this.#workspace.executor.prepare();
  }

  async #takeCached(resolved: ResolvedStage, entry: CacheEntry): Promise<Settled> {
    const { instance, key } = resolved;
    this.#toCome.delete(instance.name);
    await this.#show(resolved, entry);
    this.#records.set(instance.name, { status: 'cached', key, artifact: entry.manifest.digest });
    this.#options.emit({ type: 'stage-cached', stage: instance.name, key, run: entry.run });
    return { type: 'ready', entry };
  }

  async #attempt(
    resolved: ResolvedStage,
    inputs: Readonly<Record<string, readonly CacheEntry[]>>,
    lookup: Lookup,
    how: {
      readonly threads: number;
      readonly retries: number;
      /** Whether it runs on this machine, on what it is given here. */
      readonly here: boolean;
      readonly run: RunStage;
    },
  ): Promise<Settled> {
    const { instance, key } = resolved;
    const { threads, retries } = how;
    const { emit, run, signal } = this.#options;
    if (signal.aborted) return this.#skip(instance, 'the run was interrupted');
    if (this.#failed && !this.#options.keepGoing) return this.#skip(instance, 'another stage failed');
    const reasons = this.#reasons(resolved, lookup, inputs);
    const log = this.#workspace.runs.logPath(run, instance.name);
    this.#toCome.delete(instance.name);
    const followed = (): boolean => this.#toCome.size > 0;
    for (let attempt = 1; ; attempt += 1) {
      emit({ type: 'stage-started', stage: instance.name, key, reasons, attempt });
      const started = performance.now();
      const given = how.here ? await this.#give(instance, inputs) : undefined;
      const outcome = await how.run(this.#workspace, resolved, {
        run,
        threads,
        inputs,
        given,
        rowsAnew: this.#isForced(instance.name) && !this.#options.keepRows,
        log,
        signal,
        followed,
        emit,
      });
      const wallMs = Math.round(performance.now() - started);
      if (outcome.type === 'interrupted') {
        this.#records.set(instance.name, { status: 'interrupted', key, wallMs, reasons });
        return { type: 'unavailable' };
      }
      if (outcome.type === 'failed') {
        const retrying = attempt <= retries;
        const { problems, output } = outcome;
        emit({ type: 'stage-failed', stage: instance.name, problems, output, log, attempt, retrying });
        if (retrying) continue;
        this.#failed = true;
        this.#records.set(instance.name, { status: 'failed', key, wallMs, reasons });
        return { type: 'unavailable' };
      }
      const { entry, rows, kept, changed, strays } = outcome;
      this.#tellIfDiffers(instance.name, lookup, entry);
      if (changed.length > 0) this.#tellChanged(instance.name, changed);
      if (strays.length > 0) this.#tellStrays(instance.name, strays);
      await this.#show(resolved, entry);
      const artifact = entry.manifest.digest;
      const counts = rows !== undefined && { rows };
      this.#records.set(instance.name, { status: 'ran', key, artifact, wallMs, reasons, ...counts });
      emit({ type: 'stage-finished', stage: instance.name, key, artifact, wallMs, kept, ...counts });
      return { type: 'ready', entry };
    }
  }

  #reasons(
    resolved: ResolvedStage,
    lookup: Lookup,
    inputs: Readonly<Record<string, readonly CacheEntry[]>>,
  ): readonly string[] {
    const { name } = resolved.instance;
    if (this.#isForced(name)) return [this.#options.forcedBecause];
    const rowsFrom = Object.values(inputs)[0]?.[0];
    return reasonsFor(this.#workspace, resolved, lookup, this.#lockfile.get(name), rowsFrom).sentences;
  }

  /** Puts the artifact where people look for it, and states what was used in the lockfile. */
  async #show({ instance, key, fingerprint }: ResolvedStage, entry: CacheEntry): Promise<void> {
    const { publish } = this.#options;
    if (publish === false || (publish === 'commands' && instance.uses.type !== 'command')) return;
    await present(this.#workspace, instance, entry, this.#options.emit);
    this.#lockfile.set(instance.name, { key, artifact: entry.manifest.digest, fingerprint });
  }

  /**
   * What one attempt takes in, as the stages before it made it. A command reads where artifacts are shown: whatever an
   * earlier attempt, another stage or a hand has done there is put back.
   */
  async #give(
    instance: StageInstance,
    inputs: Readonly<Record<string, readonly CacheEntry[]>>,
  ): Promise<Given> {
    const artifacts = Object.entries(inputs).flatMap(([input, entries]) =>
      entries.map((entry, at) => {
        const name = instance.inputs[input][at];
        return { entry, maker: this.#pipeline.instances.find((other) => other.name === name)! };
      }),
    );
    if (instance.uses.type === 'kind') return Given.toKind(this.#workspace, artifacts);
    for (const { maker, entry } of artifacts) {
      await present(this.#workspace, maker, entry, this.#options.emit);
    }
    return Given.toCommand(this.#workspace, artifacts);
  }

  #skip(instance: StageInstance, because: string): Settled {
    this.#toCome.delete(instance.name);
    this.#records.set(instance.name, { status: 'skipped' });
    this.#options.emit({ type: 'stage-skipped', stage: instance.name, because });
    return { type: 'unavailable' };
  }

  #tellDamage(stage: string, { damage }: Extract<Lookup, { type: 'damaged' }>): void {
    for (const { file, reason } of damage) {
      const how = reason === 'missing' ? 'is missing from' : 'was changed in';
      this.#options.emit({
        type: 'notice',
        stage,
        message: `${file} ${how} the cache; the stage runs again`,
      });
    }
  }

  #tellIfDiffers(stage: string, lookup: Lookup, entry: CacheEntry): void {
    if (lookup.type !== 'hit' || lookup.entry.manifest.digest === entry.manifest.digest) return;
    const message = 'it gave another result than before for the same key: the stage is not deterministic';
    this.#options.emit({ type: 'notice', stage, message });
  }

  #tellChanged(stage: string, changed: readonly string[]): void {
    const message = `${firstOf(changed)} changed while the stage ran; its result is used in this run and not cached`;
    this.#options.emit({ type: 'notice', stage, message });
  }

  #tellStrays(stage: string, strays: readonly string[]): void {
    const message =
      `no stage has made ${firstOf(strays)}, which lies among what this stage reads; its result is used in this run ` +
      `and not cached. Move it elsewhere`;
    this.#options.emit({ type: 'notice', stage, message });
  }
}

function firstOf([first, ...more]: readonly string[]): string {
  const name = printableName(first);
  return more.length === 0 ? name : `${name} and ${more.length} more`;
}
