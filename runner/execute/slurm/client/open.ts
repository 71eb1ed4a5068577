import { join, resolve } from 'node:path';
import { success } from '../../../errors.ts';
import { DistributedRun } from '../../distributed/client/distributed-run.ts';
import type { OnInterrupt } from '../../distributed/client/interruption.ts';
import { openShared } from '../../distributed/client/open-shared.ts';
import type { OpenRemote } from '../../remote.ts';
import { clusterSettings } from './slurm-commands.ts';
import { SlurmService, type SlurmSettings } from './slurm-service.ts';

/** The executor `slurm` of a run. Fails before anything runs where Slurm cannot be asked. */
export function slurmExecutor(options: {
  readonly settings: Omit<SlurmSettings, 'scratch'> & { readonly scratch: string | undefined };
  /** Undefined where whoever interrupts is to be asked. */
  readonly onInterrupt: OnInterrupt | undefined;
}): OpenRemote {
  const { settings, onInterrupt } = options;
  return async (context) => {
    const { workspace } = context;
    const cluster = await clusterSettings();
    if (!cluster.ok) return cluster;
    const opened = openShared(context, 'slurm');
    if (!opened.ok) return opened;
    if (opened.value === undefined) throw new Error('the executor slurm was given no cache');
    const { address: cache, place: shared } = opened.value;
    const scratch =
      settings.scratch === undefined ? join(workspace.state, 'nodes') : resolve(settings.scratch);
    const service = new SlurmService(context, {
      cluster: cluster.value,
      settings: { ...settings, scratch },
      cache,
      shared,
    });
    return success(new DistributedRun(context, { service, shared, onInterrupt }));
  };
}
