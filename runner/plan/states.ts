import type { CacheEntry } from '../cache/entry.ts';
import type { Pipeline, StageInstance } from '../config/index.ts';
import { rowFingerprint } from '../fingerprint/fingerprint.ts';
import { withoutInputs } from '../fingerprint/parts.ts';
import type { LockedStage, Lockfile } from '../record/lockfile.ts';
import { failureOf } from '../execute/failure.ts';
import { systemProblem } from '../system-problem.ts';
import type { Tree } from '../fingerprint/tree.ts';
import type { Workspace } from '../workspace.ts';
import { changes, inShort } from './explain.ts';
import { inputsOf } from './inputs.ts';
import { reasonsFor } from './reasons.ts';
import { Resolver } from './resolve.ts';
import { deltaSentence, type RowDelta } from './row-delta.ts';

/** What is known of an instance before anything runs. */
export type PlannedState =
  | {
      readonly type: 'cached';
      readonly name: string;
      readonly entry: CacheEntry;
      readonly key: string;
      /** The shared cache that has it, where this machine does not. */
      readonly from?: string;
    }
  | {
      readonly type: 'stale';
      readonly name: string;
      readonly key: string;
      readonly reasons: readonly string[];
      /** Which rows have changed, where that is why. */
      readonly delta: RowDelta | undefined;
    }
  /** What it needs is not there yet, so its key is not known: it may turn out to be cached. */
  | {
      readonly type: 'waiting';
      readonly name: string;
      readonly on: readonly string[];
      /** What is known to have changed beside its inputs. */
      readonly reasons: readonly string[];
      /** What its rows will be, where all that changed upstream are rows. */
      readonly delta: RowDelta | undefined;
    }
  /** What it reads cannot be read, so its key is not known: as things are, it would fail. */
  | { readonly type: 'blocked'; readonly name: string; readonly reasons: readonly string[] };

/** Looks at every instance in topological order, as a run would, and changes nothing. */
export async function planStates(
  workspace: Workspace,
  pipeline: Pipeline,
  lockfile: Lockfile,
): Promise<ReadonlyMap<string, PlannedState>> {
  const resolver = new Resolver(workspace);
  const states = new Map<string, PlannedState>();
  for (const instance of pipeline.instances) {
    const { name } = instance;
    const planning = planOne(workspace, resolver, states, instance, lockfile.get(name));
    states.set(name, await planning.catch((error: unknown) => blocked(name, error)));
  }
  return states;
}

/** @throws any other error than that something cannot be read. */
function blocked(name: string, error: unknown): PlannedState {
  const expected =
    systemProblem(error) !== undefined || (error instanceof Error && error.name === 'StageFailure');
  if (!expected) throw error;
  const { message, place } = failureOf(error);
  return {
    type: 'blocked',
    name,
    reasons: [`would fail: ${place === undefined ? '' : `${place}: `}${message}`],
  };
}

async function planOne(
  workspace: Workspace,
  resolver: Resolver,
  states: ReadonlyMap<string, PlannedState>,
  instance: StageInstance,
  before: LockedStage | undefined,
): Promise<PlannedState> {
  const { name } = instance;
  const on: string[] = [];
  const inputs: Record<string, CacheEntry[]> = {};
  for (const [input, stages] of Object.entries(instance.inputs)) {
    inputs[input] = [];
    for (const stage of stages) {
      const state = states.get(stage)!;
      if (state.type === 'cached') inputs[input].push(state.entry);
      else on.push(stage);
    }
  }
  if (on.length > 0) return waiting(resolver, states, instance, on, before);
  const resolved = await resolver.resolve(instance, inputsOf(instance, inputs));
  const lookup = await workspace.cache.peek(resolved.key);
  if (lookup.type === 'hit') {
    const { entry, from } = lookup;
    return { type: 'cached', name, entry, key: resolved.key, ...(from !== undefined && { from }) };
  }
  const { sentences, delta } = reasonsFor(workspace, resolved, lookup, before, Object.values(inputs)[0]?.[0]);
  const reasons = [...absent(resolved.trees), ...sentences];
  return { type: 'stale', name, key: resolved.key, reasons, delta };
}

async function waiting(
  resolver: Resolver,
  states: ReadonlyMap<string, PlannedState>,
  instance: StageInstance,
  on: readonly string[],
  before: LockedStage | undefined,
): Promise<PlannedState> {
  const { name } = instance;
  const { parts, trees } = await resolver.fixed(instance);
  const missing = absent(trees);
  if (before === undefined || missing.length > 0) {
    const reasons = [...missing, ...(before === undefined ? ['never ran'] : [])];
    return { type: 'waiting', name, on, reasons, delta: undefined };
  }
  const found = changes(withoutInputs(before.fingerprint), rowFingerprint(parts, trees)).map(
    ({ sentence }) => sentence,
  );
  const isRowStage = instance.uses.type === 'kind' && instance.uses.kind.type === 'row';
  const upstream = states.get(on[0]);
  const delta =
    isRowStage && found.length === 0 && upstream !== undefined && 'delta' in upstream
      ? upstream.delta
      : undefined;
  return { type: 'waiting', name, on, reasons: delta === undefined ? found : [deltaSentence(delta)], delta };
}

/** A kind may make do without what its params name; few do. */
function absent(trees: readonly Tree[]): readonly string[] {
  return trees.filter(({ exists }) => !exists).map(({ root }) => `would fail: ${root} is not there`);
}

/** One sentence on why a stage would run, or that it would not; `all` gives every reason however many there are. */
export function stateSentence(state: PlannedState, { all = false } = {}): string {
  const words = (reasons: readonly string[]): string => (all ? reasons.join('; ') : inShort(reasons));
  switch (state.type) {
    case 'cached':
      return `${state.name}: cached${state.from === undefined ? '' : ` in ${state.from}`}, made by run ${state.entry.run}`;
    case 'stale':
    case 'blocked':
      return `${state.name}: ${words(state.reasons)}`;
    case 'waiting':
      return `${state.name}: ${[...(state.reasons.length > 0 ? [words(state.reasons)] : []), `waits for ${words(state.on)}`].join('; ')}`;
  }
}

/** The same for programs. */
export function stateJson(state: PlannedState): Readonly<Record<string, unknown>> {
  const { name: stage, type } = state;
  switch (state.type) {
    case 'cached':
      return {
        stage,
        state: type,
        key: state.key,
        run: state.entry.run,
        ...(state.from !== undefined && { from: state.from }),
      };
    case 'stale':
      return { stage, state: type, key: state.key, reasons: state.reasons };
    case 'waiting':
      return { stage, state: type, on: state.on, reasons: state.reasons };
    case 'blocked':
      return { stage, state: type, reasons: state.reasons };
  }
}
