import { type CacheAddress, cacheFolder } from '../../config/cache-address.ts';
import { type Result, success } from '../../errors.ts';
import type { Emit } from '../../events.ts';
import { LocalCache } from '../local.ts';
import { FolderStore } from '../store/folder.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { S3Store } from '../store/s3/s3-store.ts';
import { findS3Sdk } from '../store/s3/sdk.ts';
import { SharedCache } from './shared-cache.ts';

/** The cache of a workspace that goes through to the one at an address. Fails where what that takes is not installed. */
export function openSharedCache(
  workspace: { readonly folder: string; readonly state: string; readonly home: string },
  address: CacheAddress,
  emit: Emit,
): Result<SharedCache> {
  const store = openStore(address, workspace);
  if (!store.ok) return store;
  const { write, timeoutSeconds } = address;
  return success(
    new SharedCache(new LocalCache(workspace.state), store.value, { write, timeoutSeconds, emit }),
  );
}

/** The store at an address. Relative paths start from the workspace; what is not installed is looked for in `home`. */
export function openStore(
  { place, name, timeoutSeconds }: CacheAddress,
  { folder, home }: { readonly folder: string; readonly home: string },
): Result<ObjectStore> {
  if (place.type === 'folder') return success(new FolderStore(cacheFolder(place.folder, folder), name));
  const load = findS3Sdk(home);
  if (!load.ok) return load;
  const options = { address: name, load: load.value, silenceMilliseconds: timeoutSeconds * 1000 };
  return success(new S3Store(place, options));
}
