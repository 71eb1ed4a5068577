import type { CacheEntry } from '../../cache/entry.ts';
import type { Pipeline, StageInstance } from '../../config/index.ts';
import { kindOf } from '../../graph/text.ts';
import { planStates, type PlannedState, stateSentence } from '../../plan/states.ts';
import { Lockfile } from '../../record/lockfile.ts';
import type { Workspace } from '../../workspace.ts';
import type { PlannedStage, ReadyPlan } from '../model/plan.ts';
import { drawingOf } from './drawing.ts';

/** The pipeline as it is written now: what of it is cached and why the rest would run. Changes nothing. */
export async function planView(workspace: Workspace, pipeline: Pipeline): Promise<ReadyPlan> {
  const lockfile = Lockfile.read(workspace.lockfilePath);
  const states = await planStates(workspace, pipeline, lockfile);
  // Looking must not fail on a full disk.
  await workspace.digests.save().catch(() => undefined);
  return {
    type: 'ready',
    stages: pipeline.instances.map((instance) => {
      const state = states.get(instance.name)!;
      const artifact = state.type === 'cached' ? state.key : lastKey(workspace, lockfile, instance.name);
      return plannedStage(
        instance,
        state,
        artifact === undefined ? undefined : workspace.cache.read(artifact),
      );
    }),
    leftOut: pipeline.leftOut,
    drawing: await drawingOf(pipeline),
  };
}

/** What a stage made last, where the cache still has it. */
export function lastKey({ cache }: Workspace, lockfile: Lockfile, stage: string): string | undefined {
  const key = lockfile.get(stage)?.key;
  return key !== undefined && cache.read(key) !== undefined ? key : undefined;
}

function plannedStage(
  instance: StageInstance,
  state: PlannedState,
  made: CacheEntry | undefined,
): PlannedStage {
  const { name, inputs, uses } = instance;
  return {
    name,
    kind: kindOf(instance),
    state: state.type === 'blocked' ? 'stale' : state.type,
    sentence: stateSentence(state, { all: true }).slice(name.length + 2),
    inputs: Object.entries(inputs).map(([input, stages]) => ({ name: input, stages })),
    params: Object.entries(uses.params).map(([param, value]) => ({ name: param, value: textOf(value) })),
    ...(made !== undefined && { artifact: made.key, madeBy: made.run }),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
