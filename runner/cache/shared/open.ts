import { type CacheAddress, cacheFolder } from '../../config/cache-address.ts';
import { failure, type Result, success } from '../../errors.ts';
import type { Emit } from '../../events.ts';
import { LocalCache } from '../local.ts';
import { FolderStore } from '../store/folder.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { SharedCache } from './shared-cache.ts';

/** The cache of a workspace that goes through to the one at an address. Fails where what that takes is not installed. */
export function openSharedCache(
  workspace: { readonly folder: string; readonly state: string },
  address: CacheAddress,
  emit: Emit,
): Result<SharedCache> {
  const store = openStore(address, workspace.folder);
  if (!store.ok) return store;
  const { write, timeoutSeconds } = address;
  return success(
    new SharedCache(new LocalCache(workspace.state), store.value, { write, timeoutSeconds, emit }),
  );
}

/** The store at an address; `workspace` is the folder that relative paths start from. */
export function openStore({ place, name }: CacheAddress, workspace: string): Result<ObjectStore> {
  if (place.type === 'folder') return success(new FolderStore(cacheFolder(place.folder, workspace), name));
  return failure({ message: 's3:// is not supported yet' });
}
