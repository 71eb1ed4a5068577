import { noCache, parseCacheAddress } from '../config/cache-address.ts';
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
  const named = workspace.sharedCache ?? (cache === undefined ? undefined : { address: cache, place: file });
  if (named === undefined || named.address === noCache) return success(workspace);
  const place = { file: named.place };
  const address = parseCacheAddress(named.address);
  if ('problem' in address) return failure({ message: `the cache ${address.problem}`, place });
  const { openSharedCache } = await import('../cache/shared/open.ts');
  const shared = openSharedCache(workspace, address, emit);
  return shared.ok ? success({ ...workspace, cache: shared.value }) : shared;
}
