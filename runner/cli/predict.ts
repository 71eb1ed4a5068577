import { PipelineError } from '../errors.ts';
import type { Command } from './command.ts';
import { type PredictArguments, standardInput } from './predict-arguments.ts';

export const predict: Command<PredictArguments> = {
  command: 'predict <audio..>',
  describe: 'Say what a trained model of the last run makes of new recordings',
  examples: [
    ['predict mine.wav', 'by the best model of the last run'],
    ["predict *.wav --model 'train[cnn,mfcc]' --json", 'by this one, an object a line'],
    ['predict - < mine.wav', 'a recording that is piped in'],
    ['predict mine.wav --from model', 'by a model that pipeline export wrote'],
  ],
  builder: (yargs) =>
    yargs
      .positional('audio', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Recordings (.wav); - is standard input',
      })
      .option('model', {
        type: 'string',
        describe: 'A trained stage; by default the best by validation accuracy',
      })
      .option('from', {
        type: 'string',
        describe: 'The folder of an exported model, instead of the last run',
      })
      .option('json', { type: 'boolean', default: false, describe: 'One JSON object a line' })
      .option('file', {
        alias: 'f',
        type: 'string',
        default: 'pipeline.yaml',
        describe: 'The pipeline whose last run is meant',
      })
      .option('verbose', { type: 'boolean', default: false, describe: 'Show stack traces' })
      .option('profile', { type: 'string', hidden: true })
      .conflicts('from', 'model')
      .check(({ audio }) => {
        if (audio.filter((name) => name === standardInput).length < 2) return true;
        throw new PipelineError([{ message: 'standard input (-) is named twice', hint: 'Name it once.' }], 2);
      })
      .check(({ profile }) => {
        if (profile === undefined) return true;
        const message =
          'predict takes no --profile: its models are those of the last run, whatever its profile';
        const hint = `Leave it out; to train with it first: pipeline run --profile ${profile}`;
        throw new PipelineError([{ message, hint }], 2);
      }),
  // Loaded only when asked for: what reads tables would cost every other command its time.
  async handler(args, terminal) {
    const { predictRecordings } = await import('./predict-recordings.ts');
    return predictRecordings(args, terminal);
  },
};
