import type { Command } from './command.ts';
import { type PipelineArguments, pipelineOptions } from './options.ts';

export interface InspectArguments extends PipelineArguments {
  readonly target: string;
  readonly row: string | undefined;
  readonly png: string | undefined;
  readonly json: boolean;
}

export const inspect: Command<InspectArguments> = {
  command: 'inspect <target>',
  describe: 'Look at an artifact: schema, shapes, statistics; or one row, as numbers or as a picture',
  examples: [
    ['inspect mfcc', 'columns, shapes and statistics'],
    ['inspect mfcc --row 03-01-06-01-02-01-12.wav', 'the numbers of one clip'],
    ["inspect 'audio[48000]' --row 03-01-06-01-02-01-12.wav --png clip.png", 'a picture of it'],
  ],
  builder: (yargs) =>
    pipelineOptions(yargs)
      .positional('target', { type: 'string', demandOption: true, describe: 'A stage, or a path' })
      .option('row', { type: 'string', describe: 'The id of one row' })
      .option('png', { type: 'string', describe: 'With --row: write a picture of it to this file' })
      .option('json', { type: 'boolean', default: false, describe: 'As JSON' }),
  // Loaded only when asked for: what reads and draws tables would cost every other command its time.
  async handler(args, terminal) {
    const { inspectArtifacts } = await import('./inspect-artifacts.ts');
    return inspectArtifacts(args, terminal);
  },
};
