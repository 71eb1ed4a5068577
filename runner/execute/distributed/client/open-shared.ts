import { join } from 'node:path';
import { openStore } from '../../../cache/shared/open.ts';
import type { CacheAddress } from '../../../config/cache-address.ts';
import { failure, type Result, success } from '../../../errors.ts';
import { sharedAddress } from '../../../session/sharing.ts';
import type { RemoteContext } from '../../remote.ts';
import { SharedPlace } from '../shared-place.ts';

/** The cache that client and workers share, which both must be able to write. */
export interface OpenShared {
  readonly address: CacheAddress;
  readonly place: SharedPlace;
}

/** Undefined where no cache is named. */
export function openShared(
  { workspace, pipeline }: Pick<RemoteContext, 'workspace' | 'pipeline'>,
  executor: string,
): Result<OpenShared | undefined> {
  const address = sharedAddress(workspace, pipeline);
  if (!address.ok) return address;
  if (address.value === undefined) return success(undefined);
  if (!address.value.write) {
    const message = `the executor ${executor} needs a shared cache that it may write to`;
    return failure({ message, place: { file: pipeline.file }, hint: 'Leave out access=read.' });
  }
  const store = openStore(address.value, workspace);
  if (!store.ok) return store;
  return success({
    address: address.value,
    place: new SharedPlace(store.value, join(workspace.state, 'tmp')),
  });
}
