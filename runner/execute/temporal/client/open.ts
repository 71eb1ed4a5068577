import { failure, success } from '../../../errors.ts';
import { DistributedRun } from '../../distributed/client/distributed-run.ts';
import type { OnInterrupt } from '../../distributed/client/interruption.ts';
import { openShared } from '../../distributed/client/open-shared.ts';
import type { OpenRemote } from '../../remote.ts';
import type { TemporalPlace } from '../connection.ts';
import { loadSdk } from '../sdk.ts';
import { unreachable } from '../unreachable.ts';
import { TemporalService, type TemporalShards } from './temporal-service.ts';

const connectTimeout = '10 s';

/** The executor `temporal` of a run. Fails before anything runs where the SDK or a shared cache is wanting. */
export function temporalExecutor(options: {
  readonly place: TemporalPlace;
  readonly shards: TemporalShards;
  /** Undefined where whoever interrupts is to be asked. */
  readonly onInterrupt: OnInterrupt | undefined;
}): OpenRemote {
  const { place, shards, onInterrupt } = options;
  return async (context) => {
    const { workspace, pipeline } = context;
    const sdk = await loadSdk('client', workspace.home);
    const opened = openShared(context, 'temporal');
    if (!opened.ok) return opened;
    if (opened.value === undefined) {
      return failure({
        message: 'the executor temporal needs a cache that client and workers share',
        place: { file: pipeline.file },
        hint: 'Name it: "cache: s3://bucket/prefix" or a folder that all machines mount, in pipeline.yaml or by --cache.',
      });
    }
    const shared = opened.value.place;
    const connect = async () => {
      try {
        const connection = await sdk.Connection.connect({ ...place.connection, connectTimeout });
        return { connection, client: new sdk.Client({ connection, namespace: place.namespace }) };
      } catch (error) {
        throw unreachable(place, error);
      }
    };
    const service = new TemporalService(context, { place, shared, shards, connect });
    return success(new DistributedRun(context, { service, shared, onInterrupt }));
  };
}
