import { availableParallelism } from 'node:os';
import { PipelineError, type Problem } from '../errors.ts';
import { failureOf } from '../execute/failure.ts';
import type { Chain } from '../predict/chain.ts';
import {
  openModel,
  predictionJson,
  predictionTable,
  readExport,
  problemJson,
  readNewFile,
  spoolInput,
  STANDARD_INPUT,
  type FileOutcome,
  OpenChain,
} from '../predict/index.ts';
import { formatProblems, openWorkspaceOf, productHome, type Terminal, unwrap } from './context.ts';
import { type PredictArguments, standardInput } from './predict-arguments.ts';

/** Says what a model makes of the recordings named. */
export async function predictRecordings(args: PredictArguments, terminal: Terminal): Promise<number> {
  const { model, chain } = await chosen(args, terminal);
  const threads = availableParallelism();
  const opened = await expecting(() => OpenChain.open(chain, threads), model);
  try {
    const outcomes: FileOutcome[] = [];
    for (const name of args.audio) {
      terminal.signal.throwIfAborted();
      outcomes.push(
        name === standardInput ? await readInput(opened, terminal) : await readNewFile(opened, name),
      );
    }
    const read = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.read] : []));
    const problems = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.problem]));
    terminal.stderr(formatProblems(problems, terminal));
    if (args.verbose)
      for (const { stack } of problems) if (stack !== undefined) terminal.stderr(`${stack}\n`);
    const predictions = await expecting(() => opened.predict(read), model);
    const files = predictions.map((prediction, at) => ({ file: read[at].id, prediction }));
    const made = files.values();
    for (const warning of chain.warnings) terminal.stderr(`${warning}\n`);
    if (args.json) {
      for (const [at, outcome] of outcomes.entries()) {
        const line = outcome.ok
          ? predictionJson(model, opened.model, made.next().value!)
          : problemJson(nameOf(args.audio[at]), outcome.problem);
        terminal.stdout(`${line}\n`);
      }
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

function nameOf(audio: string): string {
  return audio === standardInput ? STANDARD_INPUT : audio;
}

/** The recording that is piped in. */
async function readInput(opened: OpenChain, terminal: Terminal): Promise<FileOutcome> {
  if (process.stdin.isTTY) {
    terminal.stderr('waiting for a recording from standard input, e.g. pipeline predict - < mine.wav\n');
  }
  const spooled = await spoolInput(process.stdin, terminal.signal);
  if ('message' in spooled) return { ok: false, problem: spooled };
  try {
    return await readNewFile(opened, STANDARD_INPUT, spooled.path);
  } finally {
    await spooled.remove();
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
