import { type CacheAddress, noCache, parseCacheAddress } from '../config/cache-address.ts';
import type { Pipeline } from '../config/index.ts';
import { failure, type Result, success } from '../errors.ts';
import type { Emit } from '../events.ts';
import type { Workspace } from '../workspace.ts';

/**
 * The workspace with the cache that it shares with other machines, if one is named. Nothing is loaded where none is, and
 * no request is made before something is missing.
 */
export async function sharing(
  workspace: Workspace,
  { file, cache }: Pick<Pipeline, 'file' | 'cache'>,
  emit: Emit,
): Promise<Result<Workspace>> {
  const address = sharedAddress(workspace, { file, ...(cache !== undefined && { cache }) });
  if (!address.ok) return address;
  if (address.value === undefined) return success(workspace);
  const { openSharedCache } = await import('../cache/shared/open.ts');
  const shared = openSharedCache(workspace, address.value, emit);
  return shared.ok ? success({ ...workspace, cache: shared.value }) : shared;
}

/** Where the shared cache is, if one is named: by the command line, the environment, or pipeline.yaml. */
export function sharedAddress(
  { sharedCache }: Pick<Workspace, 'sharedCache'>,
  { file, cache }: Pick<Pipeline, 'file' | 'cache'>,
): Result<CacheAddress | undefined> {
  const named = sharedCache ?? (cache === undefined ? undefined : { address: cache, place: file });
  if (named === undefined || named.address === noCache) return success(undefined);
  const address = parseCacheAddress(named.address);
  if (!('problem' in address)) return success(address);
  return failure({ message: `the cache ${address.problem}`, place: { file: named.place } });
}
