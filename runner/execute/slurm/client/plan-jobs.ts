import type { CacheEntry } from '../../../cache/entry.ts';
import type { StageInstance } from '../../../config/index.ts';
import { inputsOf } from '../../../plan/inputs.ts';
import type { Resolver } from '../../../plan/resolve.ts';
import type { Workspace } from '../../../workspace.ts';
import type { Round } from '../../distributed/client/round.ts';
import type { SharedPlace } from '../../distributed/shared-place.ts';
import { inputDigests } from '../../distributed/worker/input-rows.ts';
import { missingRows } from '../../distributed/worker/list-rows.ts';
import { type ArrayLimits, tasksFor } from '../array-size.ts';
import { folderOfStage, type SubmittedStage } from '../submission.ts';

/** What of a round takes jobs, and what is there already. */
export interface PlannedJobs {
  readonly stages: readonly SubmittedStage[];
  /** Keys of what is there, by stage: of the round's own stages too. */
  readonly given: Readonly<Record<string, string>>;
}

interface Parts {
  readonly workspace: Workspace;
  readonly resolver: Resolver;
  readonly shared: SharedPlace;
  readonly limits: ArrayLimits;
  readonly signal: AbortSignal;
}

/** Finds what is cached, as far as keys are known before anything has run, and how large each array has to be. */
export async function planJobs({ stages, given }: Round, parts: Parts): Promise<PlannedJobs> {
  const there = new Map(given);
  /** At most so many rows come out of a stage that is to be run; absent where nothing is known of them. */
  const rows = new Map<string, number>();
  const submitted: SubmittedStage[] = [];
  for (const [at, instance] of stages.entries()) {
    const inputs = entriesOf(instance, there);
    const resolved = inputs && (await parts.resolver.resolve(instance, inputsOf(instance, inputs)));
    const lookup = resolved && (await parts.workspace.cache.lookup(resolved.key));
    if (lookup?.type === 'hit') {
      there.set(instance.name, lookup.entry);
      continue;
    }
    const stage = {
      ...stageOf(at, instance),
      ...(await divided(instance, { there, rows, resolved, ...parts })),
    };
    submitted.push(stage);
  }
  await publishNeeded(submitted, there, parts);
  return {
    stages: submitted,
    given: Object.fromEntries([...there].map(([name, { key }]) => [name, key])),
  };
}

/** Puts what the jobs take in where their nodes see it. */
async function publishNeeded(
  stages: readonly SubmittedStage[],
  there: ReadonlyMap<string, CacheEntry>,
  { workspace: { cache }, shared, signal }: Parts,
): Promise<void> {
  for (const name of new Set(stages.flatMap(({ needs }) => needs))) {
    const entry = there.get(name);
    if (entry === undefined) continue;
    await cache.sent(entry.key);
    await shared.publish(entry, (digest) => cache.path(digest), signal);
  }
}

function stageOf(at: number, instance: StageInstance): SubmittedStage {
  return {
    name: instance.name,
    folder: folderOfStage(at, instance.name),
    needs: [...new Set(Object.values(instance.inputs).flat())],
    rows: isRowStage(instance),
    retries: instance.retries,
  };
}

/** How many tasks the rows of a stage are divided into; notes how many rows come out of it at most. */
async function divided(
  instance: StageInstance,
  known: Parts & {
    readonly there: ReadonlyMap<string, CacheEntry>;
    readonly rows: Map<string, number>;
    readonly resolved: { readonly rowKey: string | undefined } | undefined;
  },
): Promise<{ readonly tasks?: number }> {
  const { uses, inputs, name } = instance;
  if (uses.type !== 'kind' || uses.kind.type !== 'row') return {};
  const { there, rows, resolved, workspace, shared, limits, signal } = known;
  const from = inputs[uses.kind.input][0];
  const entry = there.get(from);
  let toCompute = rows.get(from);
  if (entry !== undefined) {
    const digests = await inputDigests(workspace, entry);
    rows.set(name, digests.length);
    const { rowKey } = resolved ?? {};
    const missing = rowKey && (await missingRows(workspace.cache, shared, rowKey, digests, signal));
    toCompute = missing ? missing.size : digests.length;
  } else if (toCompute !== undefined) rows.set(name, toCompute);
  const tasks = tasksFor(toCompute, limits);
  return tasks === 0 ? {} : { tasks };
}

/** The artifacts a stage takes in; undefined where some are still to be made. */
function entriesOf(
  instance: StageInstance,
  there: ReadonlyMap<string, CacheEntry>,
): Record<string, CacheEntry[]> | undefined {
  const entries: Record<string, CacheEntry[]> = {};
  for (const [input, names] of Object.entries(instance.inputs)) {
    entries[input] = [];
    for (const name of names) {
      const entry = there.get(name);
      if (entry === undefined) return undefined;
      entries[input].push(entry);
    }
  }
  return entries;
}

function isRowStage({ uses }: StageInstance): boolean {
  return uses.type === 'kind' && uses.kind.type === 'row';
}
