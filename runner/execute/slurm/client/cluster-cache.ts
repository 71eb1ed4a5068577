import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { noCache } from '../../../config/cache-address.ts';
import type { Pipeline } from '../../../config/index.ts';
import type { Workspace } from '../../../workspace.ts';

/**
 * The workspace with a cache that nodes share: the one that is named, or else a folder of the workspace itself, which
 * all nodes see. Not the workspace's own cache, which one run at a time has for itself.
 */
export function withClusterCache(workspace: Workspace, { cache }: Pick<Pipeline, 'cache'>): Workspace {
  const named = workspace.sharedCache?.address ?? cache;
  if (named !== undefined && named !== noCache) return workspace;
  const folder = join(workspace.state, 'cluster');
  mkdirSync(folder, { recursive: true });
  return { ...workspace, sharedCache: { address: folder, place: folder } };
}
