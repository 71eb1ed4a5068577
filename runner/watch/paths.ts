import { join, resolve } from 'node:path';
import type { Pipeline } from '../config/index.ts';
import type { Result } from '../errors.ts';
import { ownFiles } from '../plan/own-files.ts';
import { externalFiles } from '../plan/resolve.ts';
import type { Workspace } from '../workspace.ts';
import type { Wanted } from './places.ts';

/** What is to be watched, and what of it is not looked at: what runs themselves write. */
export interface Watched {
  readonly wanted: readonly Wanted[];
  /** Absolute paths. */
  readonly written: readonly string[];
}

/**
 * All that may make a stage stale: pipeline.yaml, the code of the kinds, files outside the pipeline. Where the pipeline
 * cannot be read, what it was made of when it `last` could be.
 */
export function watchedPaths(
  workspace: Workspace,
  file: string,
  pipeline: Result<Pipeline>,
  last: Watched | undefined,
): Watched {
  const own = [{ path: resolve(file) }, { path: join(workspace.folder, 'stages') }];
  const { names } = ownFiles(workspace);
  const runners = names.map((name) => join(workspace.folder, name));
  if (!pipeline.ok) return { wanted: [...own, ...(last?.wanted ?? [])], written: last?.written ?? runners };
  const { instances } = pipeline.value;
  const outs = instances.flatMap(({ uses }) => (uses.type === 'command' ? uses.outs : []));
  return {
    wanted: [
      ...own,
      ...instances.flatMap((instance) => externalFiles(instance, workspace.folder)),
      // Of a folder that decided how an import is resolved, only the names in it count.
      ...workspace.kinds.watched().map((path) => ({ path, namesOnly: true })),
    ],
    written: [...runners, ...outs.map((out) => join(workspace.folder, out))],
  };
}
