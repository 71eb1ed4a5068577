import type { Argv } from 'yargs';
import { PipelineError } from '../errors.ts';
import type { OpenRemote } from '../execute/remote.ts';
import type { OnInterrupt } from '../execute/distributed/client/interruption.ts';
import type { TemporalArguments } from '../execute/temporal/connection.ts';
import type { Pipeline } from '../config/index.ts';
import type { Workspace } from '../workspace.ts';
import { type SlurmArguments, slurmOptions } from './slurm-options.ts';
import { temporalOptions } from './temporal-options.ts';

/** Where the stages of a run are done. */
export interface ExecutorArguments extends TemporalArguments, SlurmArguments {
  readonly executor: 'local' | 'slurm' | 'temporal';
  readonly onInterrupt: OnInterrupt | undefined;
  readonly shardRows: number | undefined;
  readonly shardSeconds: number;
  readonly heartbeatSeconds: number;
}

export function executorOptions<T>(yargs: Argv<T>): Argv<T & ExecutorArguments> {
  const group = 'On other machines:';
  const options = yargs
    .option('executor', {
      choices: ['local', 'slurm', 'temporal'] as const,
      default: 'local',
      describe:
        'Where stages run: on this machine, as jobs of Slurm, or on the workers of a Temporal service',
    })
    .option('on-interrupt', {
      choices: ['detach', 'cancel'] as const,
      group,
      describe: 'What becomes of what runs there on Ctrl-C; left out, a terminal asks and all else cancels',
    })
    .option('shard-seconds', {
      type: 'number',
      default: 30,
      group: 'Temporal:',
      describe: 'How long a worker is to take for its part of a row stage',
    })
    .option('shard-rows', { type: 'number', group, describe: 'Rows of each part of a row stage' })
    .option('heartbeat-seconds', {
      type: 'number',
      default: 15,
      group: 'Temporal:',
      describe: 'A worker that is silent for so long is taken for lost',
    })
    .check(({ 'shard-seconds': seconds, 'shard-rows': rows, 'heartbeat-seconds': heartbeat }) => {
      const given = { 'shard-seconds': seconds, 'shard-rows': rows, 'heartbeat-seconds': heartbeat };
      for (const [name, value] of Object.entries(given)) {
        if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
        throw new PipelineError([{ message: `--${name} takes a whole number of at least 1` }], 2);
      }
      return true;
    });
  return temporalOptions(slurmOptions(options)) as unknown as Argv<T & ExecutorArguments>;
}

/**
 * What runs stages elsewhere, where the arguments ask for that; nothing of it is loaded otherwise. `forcedBy` is what of
 * the command line forces stages, if anything does.
 */
export async function openRemoteOf(
  args: ExecutorArguments,
  forcedBy: string,
): Promise<OpenRemote | undefined> {
  if (args.executor === 'local') return undefined;
  if (forcedBy !== '') {
    const message = `${forcedBy} makes stages run again, which workers do not do for what the shared cache has`;
    throw new PipelineError(
      [{ message, hint: `Leave it out, or leave out --executor ${args.executor}.` }],
      2,
    );
  }
  if (args.executor === 'slurm') return slurmOf(args);
  const { temporalExecutor } = await import('../execute/temporal/client/open.ts');
  const { temporalPlace } = await import('../execute/temporal/connection.ts');
  const { onInterrupt, shardRows, shardSeconds, heartbeatSeconds } = args;
  return temporalExecutor({
    place: temporalPlace(args, process.env),
    shards: {
      seconds: shardSeconds,
      heartbeatSeconds,
      ...(shardRows !== undefined && { rows: shardRows }),
    },
    onInterrupt,
  });
}

async function slurmOf(args: ExecutorArguments): Promise<OpenRemote> {
  const { slurmExecutor } = await import('../execute/slurm/client/open.ts');
  const { partition, account, qos, sbatchOption, arrayTasks, arrayLimit, scratch, pollSeconds } = args;
  const job = { partition, account, qos, options: sbatchOption, arrayLimit };
  return slurmExecutor({
    settings: { ...job, arrayTasks, rowsPerTask: args.shardRows, pollSeconds, scratch },
    onInterrupt: args.onInterrupt,
  });
}

/** The workspace as the executor needs it: Slurm's jobs share a cache though none be named. */
export async function workspaceOf(
  { executor }: ExecutorArguments,
  workspace: Workspace,
  pipeline: Pipeline,
): Promise<Workspace> {
  if (executor !== 'slurm') return workspace;
  const { withClusterCache } = await import('../execute/slurm/client/cluster-cache.ts');
  return withClusterCache(workspace, pipeline);
}
