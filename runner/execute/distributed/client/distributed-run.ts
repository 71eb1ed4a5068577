import { setTimeout as wait } from 'node:timers/promises';
import type { CacheEntry } from '../../../cache/entry.ts';
import { StoreError } from '../../../cache/store/object-store.ts';
import type { StageInstance } from '../../../config/index.ts';
import type { Problem } from '../../../errors.ts';
import type { Emit } from '../../../events.ts';
import type { ResolvedStage } from '../../../plan/resolve.ts';
import type { RemoteRecord } from '../../../record/runs.ts';
import type { RemoteContext, RemoteRun, Settled } from '../../remote.ts';
import type { StageOutcome, StageRunOptions } from '../../run-stage.ts';
import { roundsOf } from '../placement.ts';
import type { SharedPlace } from '../shared-place.ts';
import { decideInterruption, type OnInterrupt } from './interruption.ts';
import type { Round, RoundWatch, Service, WatchedEnd } from './round.ts';

const cancelMilliseconds = 20_000;

/** An artifact that is in the shared cache is asked for again where that does not answer. */
const lookups = 5;
const lookupPauseMilliseconds = 2000;

/** A run whose stages are done elsewhere, round by round: starts the rounds, or joins those that are under way. */
export class DistributedRun<Watch extends RoundWatch> implements RemoteRun {
  readonly #context: RemoteContext;
  readonly #service: Service<Watch>;
  readonly #shared: SharedPlace;
  readonly #onInterrupt: OnInterrupt | undefined;
  readonly #rounds: readonly (readonly StageInstance[])[];
  readonly #roundOf = new Map<string, number>();
  readonly #watches = new Map<number, Promise<Watch>>();
  readonly #started = new Map<number, Watch>();
  #settled: (stage: string) => Promise<Settled> = () => Promise.resolve({ type: 'unavailable' });
  #interruption: Promise<void> | undefined;
  #detached = false;

  /** `onInterrupt` is undefined where whoever interrupts is to be asked. */
  constructor(
    context: RemoteContext,
    parts: {
      readonly service: Service<Watch>;
      readonly shared: SharedPlace;
      readonly onInterrupt: OnInterrupt | undefined;
    },
  ) {
    this.#context = context;
    this.#service = parts.service;
    this.#shared = parts.shared;
    this.#onInterrupt = parts.onInterrupt;
    this.#rounds = roundsOf(context.pipeline, new Set(context.selection.run));
    this.#rounds.forEach((round, at) => {
      for (const { name } of round) this.#roundOf.set(name, at);
    });
    const interrupted = (): void => {
      this.#interruption ??= this.#interrupted();
    };
    context.signal.addEventListener('abort', interrupted, { once: true });
  }

  has(stage: string): boolean {
    return this.#roundOf.has(stage);
  }

  underWay(stage: string): boolean {
    const round = this.#roundOf.get(stage);
    return round !== undefined && this.#started.get(round)?.makes(stage) === true;
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
        watch = this.#start(round);
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
    const ended: { watch: Watch; state: RoundWatch['state'] | 'detached' }[] = [];
    for (const [, started] of this.#watches) {
      const watch = await started.catch(() => undefined);
      if (watch === undefined) continue;
      // Of one whose stages have all ended, the end itself may be a moment away.
      await Promise.race([watch.over, wait(1000, undefined, { ref: false })]);
      await watch.leave();
      ended.push({ watch, state: this.#detached && watch.state === 'running' ? 'detached' : watch.state });
    }
    await this.#service.close();
    this.#shared.close();
    return ended.length === 0 ? undefined : this.#service.record(ended);
  }

  async #start(number: number): Promise<Watch> {
    const { workspace, signal } = this.#context;
    const round = await this.#reachable(this.#rounds[number]);
    signal.throwIfAborted();
    for (const entry of round.given.values()) {
      await workspace.cache.sent(entry.key);
      await this.#shared.publish(entry, (digest) => workspace.cache.path(digest), signal);
    }
    const watch = await this.#service.start(round);
    this.#started.set(number, watch);
    return watch;
  }

  /** The stages of a round whose inputs from outside it are there, and these. */
  async #reachable(round: readonly StageInstance[]): Promise<Round> {
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
    if (entry !== undefined) return { type: 'done', entry, rows, kept: true, changed: [], strays: [] };
    const message =
      key === stage.key
        ? `its artifact cannot be brought from ${this.#shared.address}`
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

  /** What is under way goes on or is cancelled; either way this run waits for it no longer. */
  async #interrupted(): Promise<void> {
    const watches = await Promise.all(
      [...this.#watches.values()].map((watch) => watch.catch(() => undefined)),
    );
    const running = watches.filter((watch) => watch !== undefined).filter(({ state }) => state === 'running');
    if (running.length === 0) return;
    const { emit } = this.#context;
    const decision = await decideInterruption(this.#onInterrupt, this.#service.where, (message) => {
      emit({ type: 'notice', message });
    });
    for (const watch of running) {
      if (decision === 'cancel') {
        await watch.cancel(cancelMilliseconds).catch((error: unknown) => {
          const message = `${this.#service.noun} could not be cancelled: ${(error as Error).message}`;
          emit({ type: 'notice', message });
        });
      }
      await watch.leave();
    }
    this.#detached = decision === 'detach';
    const names = running.map(({ name }) => name).join(', ');
    const message =
      decision === 'detach'
        ? `detached: ${names} goes on; run the same again to join it`
        : `cancelled ${names}; what is finished stays in the shared cache`;
    emit({ type: 'notice', message });
  }
}
