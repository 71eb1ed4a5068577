import type { CacheEntry } from '../../cache/entry.ts';
import type { Kinds } from '../../code/registry.ts';
import type { StageInstance } from '../../config/index.ts';
import { jsonText } from '../../config/json-value.ts';
import type { Fingerprint } from '../../fingerprint/parts.ts';
import { sha256 } from '../../fingerprint/hash.ts';
import type { Resolver } from '../../plan/resolve.ts';
import type { ShardSettings } from './tasks.ts';

/** A stage as workers are told of it: everything that pipeline.yaml says, since a worker does not read that. */
export interface PlannedStage extends Omit<StageInstance, 'uses' | 'place'> {
  readonly kind: string;
  readonly params: Record<string, unknown>;
  /** What it does, as readable parts: kind, code, packages, params. */
  readonly parts: Fingerprint;
  /** Digests of the files outside the pipeline that it reads, which the worker must have too. */
  readonly files: Readonly<Record<string, string>>;
}

/** What is to be done elsewhere. Its digest names it, so it holds no time, place or user. */
export interface Plan {
  readonly format: 1;
  readonly stages: readonly PlannedStage[];
  /** What the stages take in that was there before: key and digest of the artifact, by stage. */
  readonly given: Readonly<Record<string, { readonly key: string; readonly artifact: string }>>;
  readonly keepGoing: boolean;
  readonly shards: ShardSettings;
}

export async function planOf(
  round: readonly StageInstance[],
  parts: {
    readonly resolver: Resolver;
    readonly given: ReadonlyMap<string, CacheEntry>;
    readonly keepGoing: boolean;
    readonly shards: ShardSettings;
  },
): Promise<Plan> {
  const stages: PlannedStage[] = [];
  for (const instance of round) {
    const { parts: does, trees } = await parts.resolver.fixed(instance);
    const { uses } = instance;
    if (uses.type !== 'kind') throw new Error(`${instance.name} is a command and runs on the client`);
    stages.push({
      ...settingsOf(instance),
      kind: uses.name,
      params: uses.params,
      parts: does,
      files: Object.fromEntries(trees.map(({ root, digest }) => [root, digest])),
    });
  }
  const given = [...parts.given].map(
    ([name, { key, manifest }]) => [name, { key, artifact: manifest.digest }] as const,
  );
  const { keepGoing, shards } = parts;
  return { format: 1, stages, given: Object.fromEntries(given), keepGoing, shards };
}

/** The stage as the runner knows it, with the worker's own code. Undefined where the worker has no such kind. */
export async function instanceOf(planned: PlannedStage, kinds: Kinds): Promise<StageInstance | undefined> {
  const { kind: name, params } = planned;
  const kind = await kinds.load(name);
  if (kind === undefined) return undefined;
  return { ...settingsOf(planned), uses: { type: 'kind', name, kind, params }, place: { file: 'the plan' } };
}

/** How a stage runs, whatever it does. */
function settingsOf(stage: Omit<StageInstance, 'uses' | 'place'>): Omit<StageInstance, 'uses' | 'place'> {
  const { name, stage: family, values, env, inputs, resources, timeoutSeconds, retries, rowErrors } = stage;
  const timeout = timeoutSeconds !== undefined && { timeoutSeconds };
  const depends = env !== undefined && { env };
  return { name, stage: family, values, ...depends, inputs, resources, retries, rowErrors, ...timeout };
}

/**
 * The plan as it is kept. Its digest is its name. Params stay in the order in which a local run has them, since stages
 * write them into artifacts.
 */
export function planText(plan: Plan): { readonly text: string; readonly digest: string } {
  const text = jsonText(plan);
  return { text, digest: sha256(text) };
}

/** Where plans lie in the shared cache. */
export const plansFolder = 'plans';
