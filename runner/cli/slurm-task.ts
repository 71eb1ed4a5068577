import type { Command } from './command.ts';
import { productHome } from './context.ts';

export interface SlurmTaskArguments {
  readonly submission: string;
  readonly stage: string;
  readonly rows: boolean;
}

/** What the jobs of --executor slurm call. It is in no help: nobody else has a use for it. */
export const slurmTask: Command<SlurmTaskArguments> = {
  command: 'slurm-task',
  describe: false,
  examples: [],
  ending: () => 'in its own time',
  builder: (yargs) =>
    yargs
      .option('submission', { type: 'string', demandOption: true, describe: 'The folder of the submission' })
      .option('stage', { type: 'string', demandOption: true, describe: 'The stage' })
      .option('rows', { type: 'boolean', default: false, describe: 'Rows of it, by the number of the task' }),
  async handler({ submission, stage, rows }, terminal) {
    const { performTask, TimeLimitReached } = await import('../execute/slurm/task/perform.ts');
    const timeLimit = new AbortController();
    const reached = (): void => {
      timeLimit.abort(new TimeLimitReached());
    };
    process.once('SIGUSR2', reached);
    try {
      const done = await performTask({
        folder: process.cwd(),
        home: productHome(),
        submission,
        stage,
        rows,
        env: process.env,
        signal: AbortSignal.any([terminal.signal, timeLimit.signal]),
        log: (text) => {
          terminal.stderr(`${new Date().toISOString().slice(0, 19)}  ${text}\n`);
        },
      });
      return done ? 0 : 1;
    } finally {
      process.off('SIGUSR2', reached);
    }
  },
};
