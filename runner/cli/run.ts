import { join, relative } from 'node:path';
import type { Argv } from 'yargs';
import { PipelineError } from '../errors.ts';
import type { Pipeline } from '../config/index.ts';
import { select, type Selection } from '../graph/index.ts';
import { createLogger, type Logger } from '../logging/logger.ts';
import { depProblems } from '../plan/deps.ts';
import { planStates, stateJson, stateSentence } from '../plan/states.ts';
import { Lockfile } from '../record/lockfile.ts';
import { artifactsFromCache, runPipeline } from '../session/run.ts';
import { outsAreOwn } from '../session/own-outs.ts';
import type { Command } from './command.ts';
import { loadOf, openWorkspaceOf, type Terminal, throwIfAny, unwrap } from './context.ts';
import { type ExecutorArguments, executorOptions, openRemoteOf, workspaceOf } from './executor.ts';
import { type PipelineArguments, pipelineOptions } from './options.ts';
import { sharingOf } from './shared-cache.ts';
import { watchRuns } from './watch-runs.ts';

export interface RunArguments extends PipelineArguments, ExecutorArguments {
  readonly stages: string[];
  readonly from: string[] | undefined;
  readonly until: string[] | undefined;
  readonly only: string[] | undefined;
  readonly force: boolean;
  readonly forceStages: boolean;
  readonly dryRun: boolean;
  readonly keepGoing: boolean;
  readonly allowStale: boolean;
  readonly adopt: boolean;
  readonly jobs: number | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly watch: boolean;
}

export const run: Command<RunArguments> = {
  command: 'run [stages..]',
  describe: 'Run what changed; with names, only these and what they need',
  examples: [
    ['run --profile demo', 'make a small corpus and run the whole DAG on it'],
    ['run --from features', 'rerun every feature stage and all below, taking the rest from the cache'],
    ['run --executor slurm --partition gpu', 'run the stages as jobs of a Slurm cluster'],
    ['run --set train.epochs=2 --dry-run', 'say what would run and why, and change nothing'],
  ],
  builder: (yargs) => builder(yargs),
  handler,
  ending: ({ executor }) => (executor === 'local' ? 'in order' : 'in its own time'),
};

/** `--force=stages` as a flag of its own: a flag that may have a value would take the stage after it for that. */
export function withForceSpelled(argv: readonly string[]): string[] {
  return argv.map((argument) => {
    const value = /^--force=(.*)$/.exec(argument)?.[1];
    if (value === undefined) return argument;
    if (value === 'stages') return '--force-stages';
    const message = `--force takes no value but stages, not "${value}"`;
    const hint = '--force computes every row anew; --force=stages takes rows that were made before.';
    throw new PipelineError([{ message, hint }], 2);
  });
}

function builder(yargs: Argv): Argv<RunArguments> {
  return executorOptions(pipelineOptions(yargs))
    .positional('stages', {
      type: 'string',
      array: true,
      default: [],
      describe: 'Stages, instances or families',
    })
    .option('from', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'Force this and all downstream; take upstream from the cache',
    })
    .option('until', { type: 'string', array: true, nargs: 1, describe: 'Stop after this' })
    .option('only', { type: 'string', array: true, nargs: 1, describe: '--from and --until at once' })
    .option('force', {
      type: 'boolean',
      default: false,
      describe: 'Rerun though cached, every row too; --force=stages takes rows that were made before',
    })
    .option('force-stages', { type: 'boolean', default: false, hidden: true })
    .option('dry-run', {
      type: 'boolean',
      default: false,
      describe: 'Say what would run and why; change nothing',
    })
    .option('keep-going', {
      type: 'boolean',
      default: false,
      describe: 'Go on with independent branches after a failure',
    })
    .option('allow-stale', {
      type: 'boolean',
      default: false,
      describe: 'With --from: take what upstream made last though it is not up to date',
    })
    .option('adopt', {
      type: 'boolean',
      default: false,
      describe: 'Move what stands at outs and no stage made to artifacts/.aside/, and run',
    })
    .option('jobs', { alias: 'j', type: 'number', describe: 'Stages at once' })
    .option('json', { type: 'boolean', default: false, describe: 'Events on stdout, one JSON object a line' })
    .option('quiet', {
      alias: 'q',
      type: 'boolean',
      default: false,
      describe: 'Only problems and the result',
    })
    .option('watch', {
      alias: 'w',
      type: 'boolean',
      default: false,
      describe: 'Run again whenever an edit makes something stale',
    })
    .check(({ jobs }) => {
      if (jobs === undefined || (Number.isInteger(jobs) && jobs >= 1)) return true;
      throw new PipelineError([{ message: '--jobs takes a whole number of at least 1' }], 2);
    }) as unknown as Argv<RunArguments>;
}

async function handler(args: RunArguments, terminal: Terminal): Promise<number> {
  if (args.dryRun) return dryRun(args, terminal);
  const logger = createLogger(terminal, {
    format: args.json ? 'json' : 'text',
    verbose: args.verbose,
    quiet: args.quiet,
    reportOf: (stage) =>
      relative(process.cwd(), join(openWorkspaceOf(args).view.folder(stage), 'report.html')),
    logOf: (id, stage) => openWorkspaceOf(args).runs.logPath(id, stage),
  });
  try {
    if (!args.watch) return (await runOnce(args, terminal, logger)).code;
    return await watchRuns(args, terminal, (round) => runOnce(round, terminal, logger));
  } finally {
    logger.close();
  }
}

export interface Once {
  readonly code: number;
  readonly failedKeys: readonly string[];
}

/** One run of what the arguments select. */
async function runOnce(args: RunArguments, terminal: Terminal, logger: Logger): Promise<Once> {
  const workspace = openWorkspaceOf(args);
  const pipeline = await loadOf(workspace, args);
  const selection = selectionOf(pipeline, args);
  const openRemote = await openRemoteOf(args, forcedBy(args));
  const { ok, interrupted, failedKeys } = unwrap(
    await runPipeline(await workspaceOf(args, workspace, pipeline), pipeline, selection, {
      jobs: args.jobs,
      force: args.force || args.forceStages,
      keepRows: args.forceStages,
      keepGoing: args.keepGoing,
      allowStale: args.allowStale,
      adopt: args.adopt,
      publish: true,
      forcedBy: forcedBy(args),
      ...(openRemote !== undefined && { openRemote }),
      command: process.argv.slice(2).join(' '),
      signal: terminal.signal,
      emit: (event) => {
        logger.log(event);
      },
    }),
  );
  return { code: interrupted ? 130 : ok ? 0 : 1, failedKeys };
}

function selectionOf(pipeline: Pipeline, { stages, from, until, only }: RunArguments): Selection {
  return unwrap(select(pipeline, { targets: stages, from, until, only }));
}

/** What of the command line forces stages: `--from features`. */
function forcedBy({ force, forceStages, from = [], only = [] }: RunArguments): string {
  if (force) return '--force';
  if (forceStages) return '--force=stages';
  return [...from.map((name) => `--from ${name}`), ...only.map((name) => `--only ${name}`)].join(' ');
}

/** The plan as a run would find it, a sentence a stage. Stops where the run would. */
async function dryRun(args: RunArguments, terminal: Terminal): Promise<number> {
  const opened = openWorkspaceOf(args);
  const pipeline = await loadOf(opened, args);
  const workspace = await sharingOf(opened, pipeline, terminal);
  const selection = selectionOf(pipeline, args);
  const lockfile = Lockfile.read(workspace.lockfilePath);
  throwIfAny(depProblems(workspace, pipeline, selection.run));
  unwrap(await artifactsFromCache(workspace, pipeline, selection, lockfile, args.allowStale));
  if (!args.adopt) unwrap(await outsAreOwn(workspace, { pipeline, selection, lockfile }));
  const states = await planStates(workspace, pipeline, lockfile);
  const forced = new Set(args.force || args.forceStages ? selection.run : selection.forced);
  const because = `forced by ${forcedBy(args)}`;
  for (const name of selection.run) {
    const state = states.get(name)!;
    if (args.json) {
      const planned = { type: 'stage-planned', ...stateJson(state), forced: forced.has(name) };
      terminal.stdout(`${JSON.stringify(forced.has(name) ? { ...planned, reasons: [because] } : planned)}\n`);
    } else terminal.stdout(`${forced.has(name) ? `${name}: ${because}` : stateSentence(state)}\n`);
  }
  return 0;
}
