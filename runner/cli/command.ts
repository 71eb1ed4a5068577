import type { Argv } from 'yargs';
import type { Terminal } from './context.ts';
import type { Ending } from './terminal.ts';

/** A command of the command line: a file each. `handler` gives the exit code. */
export interface Command<Args> {
  /** In yargs's notation, e.g. `explain <stage>`. */
  readonly command: string;
  /** False of a command that is in no help. */
  readonly describe: string | false;
  /** Examples for its help: the arguments, and what they do. */
  readonly examples: readonly (readonly [string, string])[];
  builder(yargs: Argv): Argv<Args>;
  handler(args: Args, terminal: Terminal): Promise<number>;
  /** How it ends when it is told to; left out, at once. */
  ending?(args: Args): Ending;
}

/** Erases the type of the arguments, so that commands can stand in one list. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the one place where their argument types meet
export type AnyCommand = Command<any>;
