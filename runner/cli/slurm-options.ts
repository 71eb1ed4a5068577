import type { Argv } from 'yargs';
import { PipelineError } from '../errors.ts';

/** How jobs are submitted to Slurm. */
export interface SlurmArguments {
  readonly partition: string | undefined;
  readonly account: string | undefined;
  readonly qos: string | undefined;
  readonly sbatchOption: string[];
  readonly arrayTasks: number;
  readonly arrayLimit: number | undefined;
  readonly scratch: string | undefined;
  readonly pollSeconds: number;
}

export function slurmOptions<T>(yargs: Argv<T>): Argv<T & SlurmArguments> {
  const group = 'Slurm:';
  return yargs
    .option('partition', { type: 'string', group, describe: 'The partition of all jobs' })
    .option('account', { type: 'string', group, describe: 'The account that they are charged to' })
    .option('qos', { type: 'string', group, describe: 'Their quality of service' })
    .option('sbatch-option', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      group,
      describe: 'A further option of sbatch: constraint=a100 (repeatable)',
    })
    .option('array-tasks', {
      type: 'number',
      default: 64,
      group,
      describe:
        'Into how many tasks the rows of a stage are divided at most; --shard-rows says how large they are',
    })
    .option('array-limit', { type: 'number', group, describe: 'How many tasks of an array may run at once' })
    .option('scratch', {
      type: 'string',
      group,
      describe:
        "Where jobs keep what they bring and make, e.g. on the nodes' own disks; left out, in artifacts/",
    })
    .option('poll-seconds', {
      type: 'number',
      default: 15,
      group,
      describe: 'How often Slurm is asked what has become of the jobs',
    })
    .check((args) => {
      for (const name of ['array-tasks', 'array-limit', 'poll-seconds']) {
        const value = args[name];
        if (value === undefined || (Number.isInteger(value) && (value as number) >= 1)) continue;
        throw new PipelineError([{ message: `--${name} takes a whole number of at least 1` }], 2);
      }
      return true;
    }) as unknown as Argv<T & SlurmArguments>;
}
