import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import yargs, { type Argv } from 'yargs';
import { Kinds } from '../code/registry.ts';
import { PipelineError, type Problem } from '../errors.ts';
import type { DomainCommand } from '../kind/index.ts';
import { failureOf } from '../execute/failure.ts';
import { systemProblem } from '../system-problem.ts';
import type { AnyCommand } from './command.ts';
import { formatProblems, productHome, type Terminal } from './context.ts';
import { guard } from '../execute/processes/guard.ts';
import { compare } from './compare.ts';
import { completion } from './completion.ts';
import { askedFor } from './completion/asked.ts';
import { dag } from './dag.ts';
import { explain } from './explain.ts';
import { exportCommand } from './export.ts';
import { gc } from './gc.ts';
import { inspect } from './inspect.ts';
import { withInputSpelled } from './predict-arguments.ts';
import { predict } from './predict.ts';
import { run, withForceSpelled } from './run.ts';
import { runs } from './runs.ts';
import { schema } from './schema.ts';
import { slurmTask } from './slurm-task.ts';
import { status } from './status.ts';
import { sweep } from './sweep.ts';
import { OwnTerminal } from './terminal.ts';
import { ui } from './ui.ts';
import { verify } from './verify.ts';
import { worker } from './worker.ts';

const commands: readonly AnyCommand[] = [
  run,
  sweep,
  status,
  explain,
  dag,
  ui,
  inspect,
  predict,
  exportCommand,
  runs,
  compare,
  verify,
  gc,
  worker,
  slurmTask,
  schema,
  completion,
];

/** What a shell makes of a process that SIGPIPE ends is `closed`. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130, closed: 141 } as const;

/** Runs one command line and gives its exit code. Nothing else of the runner prints or ends the process. */
export async function main(argv: readonly string[]): Promise<number> {
  const own = new OwnTerminal(exitCodes.interrupted);
  try {
    const code = await codeOf(argv, own);
    await own.written();
    if (own.fault !== undefined) {
      const { message } = systemProblem(own.fault) ?? own.fault;
      const problem = { message: `standard output cannot be written: ${message}` };
      own.terminal.stderr(formatProblems([problem], own.terminal));
      return exitCodes.failed;
    }
    return own.closed ? exitCodes.closed : code;
  } finally {
    own.dispose();
    await guard.close();
  }
}

async function codeOf(argv: readonly string[], own: OwnTerminal): Promise<number> {
  try {
    return await dispatch(argv, own);
  } catch (error) {
    if (own.terminal.signal.aborted) return exitCodes.interrupted;
    return report(error, own.terminal, argv.includes('--verbose'));
  }
}

async function dispatch(argv: readonly string[], own: OwnTerminal): Promise<number> {
  const { terminal } = own;
  let work: () => Promise<number> = () => Promise.resolve(exitCodes.done);
  const asked = askedFor(argv);
  const parser = yargs(asked?.forYargs ?? withForceSpelled(withInputSpelled(argv)))
    .scriptName('pipeline')
    .usage('$0 <command>\n\nA workflow of cached stages for speech emotion recognition.')
    .parserConfiguration({ 'camel-case-expansion': true, 'strip-aliased': true })
    .exitProcess(false)
    .strict()
    .demandCommand(1, 'name a command')
    .help()
    .alias('help', 'h')
    .version('0.1.0')
    .wrap(Math.min(terminal.width, 110))
    .fail((message: string | null, error: Error | undefined) => {
      if (error !== undefined) throw error;
      throw new PipelineError([usageProblem(message)], 2);
    });
  // Where one is named, the others need not be known: each costs a command's start a millisecond.
  const named = commands.filter(({ command }) => command.split(' ')[0] === argv[0]);
  for (const command of named.length > 0 ? named : commands) {
    parser.command(
      command.command,
      // Its types know `false` by itself and `string` by itself.
      command.describe as string,
      (builder) => {
        for (const [example, does] of command.examples) builder.example(`$0 ${example}`, does);
        return command.builder(builder);
      },
      (args) => {
        work = () => {
          own.ending = command.ending?.(args) ?? 'at once';
          return command.handler(args, terminal);
        };
      },
    );
  }
  for (const command of await domainCommands(argv)) {
    const build = (builder: Argv): Argv<unknown> => {
      for (const [example, does] of command.examples) builder.example(`$0 ${example}`, does);
      return command.builder(builder);
    };
    parser.command(command.command, command.describe, build, (args) => {
      work = () => {
        own.ending = 'in order';
        return command.handler(args, terminal);
      };
    });
  }
  if (asked !== undefined) {
    // Loaded only when asked for.
    const { complete } = await import('./completion/complete.ts');
    terminal.stdout(await complete(asked, parser));
    return exitCodes.done;
  }
  layOutNoHelp(parser);
  await parser.parseAsync();
  return work();
}

/** yargs lays out the help of each command that it runs, in case somebody asks for it later: a tenth of a short run. */
function layOutNoHelp(parser: Argv): void {
  interface Internals {
    readonly getInternalMethods: () => { readonly getUsageInstance: () => { cacheHelpMessage: () => void } };
  }
  const internals = (parser as unknown as Internals).getInternalMethods();
  internals.getUsageInstance().cacheHelpMessage = () => undefined;
}

function usageProblem(message: string | null): Problem {
  const unknown = /^Unknown argument: (\w\S*)/.exec(message ?? '')?.[1];
  if (unknown === undefined) return { message: message ?? 'wrong usage', hint: 'See: pipeline --help' };
  const shown = commands.filter(({ describe }) => describe !== false);
  const names = shown.map(({ command }) => command.split(' ')[0]);
  const near = closest(unknown, names);
  const hint = distance(unknown, near) <= 2 ? `Did you mean pipeline ${near}?` : 'See: pipeline --help';
  return { message: `there is no command or option ${unknown}`, hint };
}

/** Commands that the stages bring along. They are loaded only where one of them, or help, is asked for. */
async function domainCommands(argv: readonly string[]): Promise<DomainCommand[]> {
  const known = new Set(commands.map(({ command }) => command.split(' ')[0]));
  const asked = argv.find((argument) => !argument.startsWith('-'));
  if (asked !== undefined && known.has(asked)) return [];
  const home = productHome();
  const kinds = new Kinds({ workspace: home, home });
  const folder = join('stages', 'commands');
  const files = readdirSync(join(home, folder)).filter((name) => name.endsWith('.ts'));
  const loaded: DomainCommand[] = [];
  for (const file of files.sort()) loaded.push((await kinds.module(join(folder, file))) as DomainCommand);
  return loaded;
}

function report(error: unknown, terminal: Terminal, verbose: boolean): number {
  if (error instanceof PipelineError) {
    terminal.stderr(formatProblems(error.problems, terminal));
    if (verbose && error.stack !== undefined) terminal.stderr(`${error.stack}\n`);
    return error.exitCode;
  }
  const problem = asProblem(error);
  terminal.stderr(formatProblems([problem], terminal));
  const expected =
    systemProblem(error) !== undefined || (error instanceof Error && error.name === 'StageFailure');
  if (verbose && error instanceof Error) terminal.stderr(`${error.stack ?? ''}\n`);
  else if (!expected) terminal.stderr('  run again with --verbose to see where it comes from\n');
  return exitCodes.failed;
}

function asProblem(error: unknown): Problem {
  const { message, hint, place } = failureOf(error);
  const problem = {
    message,
    ...(place !== undefined && { place: { file: place } }),
    ...(hint !== undefined && { hint }),
  };
  return systemProblem(error) ?? problem;
}
