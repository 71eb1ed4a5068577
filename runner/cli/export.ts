import type { Command } from './command.ts';
import { openWorkspaceOf, unwrap } from './context.ts';

export interface ExportArguments {
  readonly stage: string;
  readonly folder: string;
  readonly file: string;
  readonly verbose: boolean;
}

/** Stands for the best model by validation accuracy, as predict takes it by default. */
const best = 'best';

export const exportCommand: Command<ExportArguments> = {
  command: 'export <stage> <folder>',
  describe: 'Write a trained model with its whole chain and a model card as one folder',
  examples: [
    [`export ${best} model`, 'the best of the last run by validation accuracy, for predict --from model'],
    ["export 'train[cnn,mfcc]' model", 'this one'],
  ],
  ending: () => 'in order',
  builder: (yargs) =>
    yargs
      .positional('stage', { type: 'string', demandOption: true, describe: `A trained stage, or ${best}` })
      .positional('folder', { type: 'string', demandOption: true, describe: 'A new or empty folder' })
      .option('file', {
        alias: 'f',
        type: 'string',
        default: 'pipeline.yaml',
        describe: 'The pipeline whose last run is meant',
      })
      .option('verbose', { type: 'boolean', default: false, describe: 'Show stack traces' }),
  async handler(args, terminal) {
    // Loaded only when asked for: what reads tables would cost every other command its time.
    const { exportModel, openModel } = await import('../predict/index.ts');
    const workspace = openWorkspaceOf(args);
    const model = unwrap(await openModel(workspace, args.stage === best ? undefined : args.stage));
    for (const warning of model.chain.warnings) terminal.stderr(`${warning}\n`);
    const { files, bytes } = unwrap(await exportModel(workspace, model, args.folder));
    terminal.stdout(`${args.folder}: ${model.chosen}, ${files} files, ${(bytes / 1e6).toFixed(1)} MB\n`);
    terminal.stdout(`use it: pipeline predict --from ${args.folder} recording.wav\n`);
    return 0;
  },
};
