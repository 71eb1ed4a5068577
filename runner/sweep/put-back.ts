import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../cache/entry.ts';
import type { ShownStage } from '../cache/shown.ts';
import type { Emit } from '../events.ts';
import { failureOf } from '../execute/failure.ts';
import { clearOuts, restoreOuts } from '../outs/index.ts';
import type { Workspace } from '../workspace.ts';

/** What `artifacts/` showed at one time. */
export interface Shown {
  readonly pipeline: string | undefined;
  readonly stages: ReadonlyMap<string, ShownStage>;
}

export function rememberShown({ view }: Workspace): Shown {
  return { pipeline: view.other, stages: new Map(view.stages()) };
}

/**
 * Shows again what was shown before the points of a sweep, whose commands had to be given their inputs and to write their
 * outs: in `artifacts/`, and at the outs of `commands`, by stage. What the cache has no longer cannot be put back.
 */
export async function putBack(
  workspace: Workspace,
  before: Shown,
  commands: ReadonlyMap<string, readonly string[]>,
  emit: Emit,
): Promise<void> {
  const { view, outs, aside, cache, state } = workspace;
  const pathOf = (sha256: string): string => cache.path(sha256);
  const isOwn = before.pipeline === undefined;
  const manifests = new Map<string, Manifest>();
  for (const [stage, shown] of isOwn ? before.stages : []) {
    const manifest = manifestOf(shown, pathOf);
    if (manifest !== undefined) manifests.set(stage, manifest);
  }
  for (const [stage, paths] of commands) {
    const manifest = manifests.get(stage);
    try {
      if (manifest === undefined) await clearOuts(outs, paths);
      else await restoreOuts(outs, paths, manifest, { temporary: join(state, 'tmp'), aside, path: pathOf });
    } catch (error) {
      emit({
        type: 'notice',
        stage,
        message: `its outs are those of the sweep: ${failureOf(error).message}`,
      });
    }
  }
  await outs.save();
  for (const stage of [...view.stages().keys()]) {
    const manifest = manifests.get(stage);
    if (manifest !== undefined) await view.show(stage, manifest, pathOf);
    else if (!before.stages.has(stage) || !isOwn) await view.hide(stage);
  }
  if (!isOwn) await view.open(new Set(before.stages.keys()), before.pipeline);
}

/** Undefined where the cache has lost a file of it. */
function manifestOf(
  { files, folders }: ShownStage,
  pathOf: (sha256: string) => string,
): Manifest | undefined {
  const found: Manifest['files'][number][] = [];
  for (const [name, { sha256, mode, link }] of Object.entries(files)) {
    const path = pathOf(sha256);
    if (!existsSync(path)) return undefined;
    found.push({
      name,
      size: statSync(path).size,
      sha256,
      content: sha256,
      ...(mode !== undefined && { mode }),
      ...(link !== undefined && { link }),
    });
  }
  return { digest: '', files: found, ...(folders !== undefined && { folders }) };
}
