import { openStore } from '../../../cache/shared/open.ts';
import { failure, success } from '../../../errors.ts';
import { sharedAddress } from '../../../session/sharing.ts';
import type { OpenRemote } from '../../remote.ts';
import { join } from 'node:path';
import type { TemporalPlace } from '../connection.ts';
import { loadSdk } from '../sdk.ts';
import { SharedPlace } from '../shared-place.ts';
import { type RemoteRunOptions, TemporalRun } from './remote-run.ts';
import { unreachable } from '../unreachable.ts';

const connectTimeout = '10 s';

/** The executor `temporal` of a run. Fails before anything runs where the SDK or a shared cache is wanting. */
export function temporalExecutor(
  options: Pick<RemoteRunOptions, 'shards' | 'onInterrupt'> & {
    readonly place: TemporalPlace;
  },
): OpenRemote {
  const { place, shards, onInterrupt } = options;
  return async (context) => {
    const { workspace, pipeline } = context;
    const sdk = await loadSdk('client', workspace.home);
    const address = sharedAddress(workspace, pipeline);
    if (!address.ok) return address;
    if (address.value === undefined) {
      return failure({
        message: 'the executor temporal needs a cache that client and workers share',
        place: { file: pipeline.file },
        hint: 'Name it: "cache: s3://bucket/prefix" or a folder that all machines mount, in pipeline.yaml or by --cache.',
      });
    }
    if (!address.value.write) {
      const message = 'the executor temporal needs a shared cache that it may write to';
      return failure({ message, place: { file: pipeline.file }, hint: 'Leave out access=read.' });
    }
    const store = openStore(address.value, workspace);
    if (!store.ok) return store;
    const shared = new SharedPlace(store.value, join(workspace.state, 'tmp'));
    const connect = async () => {
      try {
        const connection = await sdk.Connection.connect({ ...place.connection, connectTimeout });
        return { connection, client: new sdk.Client({ connection, namespace: place.namespace }) };
      } catch (error) {
        throw unreachable(place, error);
      }
    };
    return success(new TemporalRun(context, { place, shared, shards, connect, onInterrupt }));
  };
}
