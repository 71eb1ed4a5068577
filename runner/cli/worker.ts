import { availableParallelism } from 'node:os';
import type { Argv } from 'yargs';
import { PipelineError } from '../errors.ts';
import type { TemporalArguments } from '../execute/temporal/connection.ts';
import type { Resource } from '../execute/temporal/protocol.ts';
import { sharedAddress } from '../session/sharing.ts';
import type { Command } from './command.ts';
import { loadOf, openWorkspaceOf, productHome, unwrap } from './context.ts';
import { type PipelineArguments, pipelineOptions } from './options.ts';
import { temporalOptions } from './temporal-options.ts';

const resources: readonly Resource[] = ['cpu', 'memory', 'gpu'];

export interface WorkerArguments extends PipelineArguments, TemporalArguments {
  readonly resource: Resource[];
  readonly slots: number;
  readonly threads: number | undefined;
}

export const worker: Command<WorkerArguments> = {
  command: 'worker',
  describe: 'Run stages for clients that use --executor temporal, until it is told to stop',
  examples: [
    ['worker --address temporal.lab:7233', 'serve with all processors of this machine'],
    ['worker --resource gpu --slots 2', 'take the stages that need a graphics processor, two at once'],
  ],
  ending: () => 'in its own time',
  builder: (yargs) => builder(yargs),
  async handler(args, terminal) {
    const workspace = openWorkspaceOf(args);
    const address = unwrap(sharedAddress(workspace, await loadOf(workspace, args)));
    if (address === undefined) {
      const hint =
        'Name that of the client: "cache:" in pipeline.yaml, --cache or the environment variable PIPELINE_CACHE.';
      throw new PipelineError([{ message: 'a worker needs a shared cache', hint }], 2);
    }
    const { serve } = await import('../execute/temporal/worker/worker.ts');
    const { temporalPlace } = await import('../execute/temporal/connection.ts');
    await serve({
      folder: workspace.folder,
      home: productHome(),
      cache: address,
      place: temporalPlace(args, process.env),
      resources: args.resource,
      slots: args.slots,
      threads: args.threads ?? Math.max(1, Math.floor(availableParallelism() / args.slots)),
      signal: terminal.signal,
      log: (text) => {
        terminal.stderr(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);
      },
    });
    return 0;
  },
};

function builder(yargs: Argv): Argv<WorkerArguments> {
  return temporalOptions(pipelineOptions(yargs))
    .option('resource', {
      choices: resources,
      array: true,
      nargs: 1,
      default: ['cpu'],
      describe: 'What this machine offers; of each it takes --slots stages at once (repeatable)',
    })
    .option('slots', { type: 'number', default: 1, describe: 'Stages, or parts of them, at once' })
    .option('threads', {
      type: 'number',
      describe: 'Threads for each; left out, the processors divided by the slots',
    })
    .check(({ slots, threads }) => {
      for (const [name, value] of Object.entries({ slots, threads })) {
        if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
        throw new PipelineError([{ message: `--${name} takes a whole number of at least 1` }], 2);
      }
      return true;
    }) as unknown as Argv<WorkerArguments>;
}
