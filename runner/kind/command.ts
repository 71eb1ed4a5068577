import type { Argv } from 'yargs';

/** Where a command of the stages writes, and how it learns that it should stop. */
export interface CommandIo {
  stdout(text: string): void;
  /** `movement` moves the cursor or clears before the text, in which nothing else does. */
  stderr(text: string, movement?: string): void;
  /** Whether `stderr` is a terminal, on which a line can be rewritten. */
  readonly isTTY: boolean;
  readonly signal: AbortSignal;
}

/**
 * A command of the command line that knows the domain, default-exported by a file of `stages/commands/`. The
 * members are yargs's. `handler` gives the exit code: 0 done, 1 failed, 2 usage; expected failures are thrown as
 * StageFailure; where `signal` fires, its reason is thrown.
 */
export interface DomainCommand<Args = unknown> {
  readonly command: string;
  readonly describe: string;
  /** Examples for its help: the arguments, and what they do. */
  readonly examples: readonly (readonly [string, string])[];
  builder(yargs: Argv): Argv<Args>;
  handler(args: Args, io: CommandIo): Promise<number>;
}
