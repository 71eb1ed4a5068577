import { join } from 'node:path';
import type { CacheEntry } from '../cache/entry.ts';
import { viewFolder } from '../cache/view.ts';
import type { Pipeline, StageInstance } from '../config/index.ts';
import type { Problem } from '../errors.ts';
import { foreignOuts, foreignProblem, outsShow } from '../outs/index.ts';
import type { PlannedState } from '../plan/states.ts';
import type { Lockfile } from '../record/lockfile.ts';
import type { Workspace } from '../workspace.ts';

/** How the files on disk differ from what is said of a stage. */
export interface ShownState {
  /** Folders and outs, relative to the workspace, that do not show what the stage made, though it is up to date. */
  readonly elsewhere: readonly string[];
  /** What stands at its outs and is not its own: a run would refuse. */
  readonly refused: Problem | undefined;
}

/** Looks at the files that show what stages made, by their stamps; only stages with something amiss are in the map. */
export async function shownStates(
  workspace: Workspace,
  pipeline: Pipeline,
  states: ReadonlyMap<string, PlannedState>,
  lockfile: Lockfile,
): Promise<ReadonlyMap<string, ShownState>> {
  const { outs, cache } = workspace;
  const names = pipeline.instances.map(({ name }) => name);
  const locked = (stage: string) => lockfile.get(stage);
  const foreign = await foreignOuts({ ledger: outs, cache, locked }, pipeline, names);
  const found = new Map<string, ShownState>();
  for (const instance of pipeline.instances) {
    const state = states.get(instance.name);
    // What another machine has made is shown once a run brings it here.
    const isHere = state?.type === 'cached' && state.from === undefined;
    const elsewhere = isHere ? await elsewhereOf(workspace, instance, state.entry) : [];
    const own = foreign.find((one) => one.instance === instance && !one.left);
    const refused = own && foreignProblem(own, outs);
    if (elsewhere.length > 0 || refused !== undefined) found.set(instance.name, { elsewhere, refused });
  }
  return found;
}

async function elsewhereOf(
  { view, outs }: Workspace,
  { name, uses }: StageInstance,
  { manifest }: CacheEntry,
): Promise<string[]> {
  const places = (await view.shows(name, manifest)) ? [] : [join('artifacts', viewFolder(name))];
  if (uses.type === 'command' && !(await outsShow(outs, uses.outs, manifest))) places.push(...uses.outs);
  return places;
}
