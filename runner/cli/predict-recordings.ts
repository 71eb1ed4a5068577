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
import { formatProblems, openWorkspaceOf, productHome, type Terminal, unwrap } from './context.ts';
import type { PredictArguments } from './predict.ts';

/** Says what a model makes of the recordings named. */
export async function predictRecordings(args: PredictArguments, terminal: Terminal): Promise<number> {
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
