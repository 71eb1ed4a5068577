import type { Argv } from 'yargs';
import { PipelineError } from '../errors.ts';
import type { OpenRemote } from '../execute/remote.ts';
import type { OnInterrupt } from '../execute/distributed/client/interruption.ts';
import type { TemporalArguments } from '../execute/temporal/connection.ts';
import { temporalOptions } from './temporal-options.ts';

/** Where the stages of a run are done. */
export interface ExecutorArguments extends TemporalArguments {
  readonly executor: 'local' | 'temporal';
  readonly onInterrupt: OnInterrupt | undefined;
  readonly shardRows: number | undefined;
  readonly shardSeconds: number;
  readonly heartbeatSeconds: number;
}

export function executorOptions<T>(yargs: Argv<T>): Argv<T & ExecutorArguments> {
  const group = 'Temporal:';
  const options = yargs
    .option('executor', {
      choices: ['local', 'temporal'] as const,
      default: 'local',
      describe: 'Where stages run: on this machine, or on the workers of a Temporal service',
    })
    .option('on-interrupt', {
      choices: ['detach', 'cancel'] as const,
      group,
      describe: 'What becomes of the workflow on Ctrl-C; left out, a terminal asks and all else cancels',
    })
    .option('shard-seconds', {
      type: 'number',
      default: 30,
      group,
      describe: 'How long a worker is to take for its part of a row stage',
    })
    .option('shard-rows', { type: 'number', group, describe: 'Rows of such a part, in the place of a time' })
    .option('heartbeat-seconds', {
      type: 'number',
      default: 15,
      group,
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
  return temporalOptions(options) as unknown as Argv<T & ExecutorArguments>;
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
    throw new PipelineError([{ message, hint: 'Leave it out, or leave out --executor temporal.' }], 2);
  }
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
