import { availableParallelism } from 'node:os';
import { PipelineError, type Problem } from '../errors.ts';
import { failureOf } from '../execute/failure.ts';
import type { Chain } from '../predict/chain.ts';
import {
  openModel,
  predictionJson,
  predictionTable,
  readExport,
  readNewFile,
  type ReadRow,
  OpenChain,
} from '../predict/index.ts';
import type { Command } from './command.ts';
import { formatProblems, openWorkspaceOf, productHome, type Terminal, unwrap } from './context.ts';

export interface PredictArguments {
  readonly audio: string[];
  readonly model: string | undefined;
  readonly from: string | undefined;
  readonly json: boolean;
  readonly file: string;
  readonly verbose: boolean;
}

export const predict: Command<PredictArguments> = {
  command: 'predict <audio..>',
  describe: 'Say what a trained model of the last run makes of new recordings',
  examples: [
    ['predict mine.wav', 'by the best model of the last run'],
    ["predict *.wav --model 'train[cnn,mfcc]' --json", 'by this one, an object a line'],
    ['predict mine.wav --from model', 'by a model that pipeline export wrote'],
  ],
  builder: (yargs) =>
    yargs
      .positional('audio', { type: 'string', array: true, demandOption: true, describe: 'Recordings (.wav)' })
      .option('model', { type: 'string', describe: 'A trained stage; by default the best by test accuracy' })
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
      .check(({ profile }) => {
        if (profile === undefined) return true;
        const message =
          'predict takes no --profile: its models are those of the last run, whatever its profile';
        const hint = `Leave it out; to train with it first: pipeline run --profile ${profile}`;
        throw new PipelineError([{ message, hint }], 2);
      }),
  handler,
};

async function handler(args: PredictArguments, terminal: Terminal): Promise<number> {
  const { model, chain } = await chosen(args, terminal);
  const threads = availableParallelism();
  const opened = await expecting(() => OpenChain.open(chain, threads), model);
  try {
    const read: ReadRow[] = [];
    const problems: Problem[] = [];
    for (const name of args.audio) {
      terminal.signal.throwIfAborted();
      const outcome = await readNewFile(opened, name);
      if (outcome.ok) read.push(outcome.read);
      else problems.push(outcome.problem);
    }
    terminal.stderr(formatProblems(problems, terminal));
    if (args.verbose)
      for (const { stack } of problems) if (stack !== undefined) terminal.stderr(`${stack}\n`);
    const predictions = await expecting(() => opened.predict(read), model);
    const files = predictions.map((prediction, at) => ({ file: read[at].id, prediction }));
    for (const warning of chain.warnings) terminal.stderr(`${warning}\n`);
    if (args.json) {
      for (const file of files) terminal.stdout(`${predictionJson(model, opened.model, file)}\n`);
    } else if (files.length > 0) {
      for (const note of opened.notes) terminal.stderr(`${note}\n`);
      for (const line of predictionTable(opened.model, files, terminal.width)) {
        terminal.stdout(`${line}\n`);
      }
    }
    return problems.length === 0 ? 0 : 1;
  } finally {
    await opened.close();
  }
}

async function chosen(
  args: PredictArguments,
  terminal: Terminal,
): Promise<{ readonly model: string; readonly chain: Chain }> {
  if (args.from !== undefined) return unwrap(await readExport(args.from, productHome()));
  const { stage, chain, chosen: which } = unwrap(await openModel(openWorkspaceOf(args), args.model));
  if (!args.json) terminal.stderr(`by ${which}\n`);
  return { model: stage, chain };
}

/** What a stage says of the model as a whole, e.g. that one recording is not enough, is a failure of the command. */
async function expecting<T>(work: () => Promise<T>, model: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { message, place, hint, stack } = failureOf(error);
    // What nobody expected goes its usual way, with its stack.
    if (stack !== undefined) throw error;
    const problem: Problem = {
      message,
      stage: model,
      ...(place !== undefined && { place: { file: place } }),
      ...(hint !== undefined && { hint }),
    };
    throw new PipelineError([problem], 1);
  }
}
