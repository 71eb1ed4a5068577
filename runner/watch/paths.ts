import { join, resolve } from 'node:path';
import type { Pipeline } from '../config/index.ts';
import type { Result } from '../errors.ts';
import { externalFiles } from '../plan/resolve.ts';
import type { Workspace } from '../workspace.ts';

/**
 * All that may make a stage stale: pipeline.yaml, the code of the kinds, files outside the pipeline. Where the pipeline
 * cannot be read, what it was made of when it `last` could be.
 */
export function watchedPaths(
  workspace: Workspace,
  file: string,
  pipeline: Result<Pipeline>,
  last: readonly string[],
): readonly string[] {
  const own = [resolve(file), join(workspace.folder, 'stages')];
  if (!pipeline.ok) return [...new Set([...own, ...last])];
  const external = pipeline.value.instances.flatMap(externalFiles);
  return [...own, ...external.map((path) => resolve(workspace.folder, path)), ...workspace.kinds.watched()];
}
