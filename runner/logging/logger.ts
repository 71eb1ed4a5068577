import type { Event } from '../events.ts';
import { jsonLogger } from './json.ts';
import { plainLogger } from './plain.ts';
import { terminalLogger } from './terminal.ts';

/** Shows events. The only part of the runner, beside the commands themselves, that prints. */
export interface Logger {
  log(event: Event): void;
  close(): void;
}

export interface LogOutput {
  stdout(text: string): void;
  /** `movement` moves the cursor or clears before the text, in which nothing else does. */
  stderr(text: string, movement?: string): void;
  readonly isTTY: boolean;
  /** Columns and lines of the terminal as it is now. */
  readonly width: number;
  readonly height: number;
  readonly colour: boolean;
}

export interface LoggerOptions {
  readonly format: 'text' | 'json';
  readonly verbose: boolean;
  readonly quiet: boolean;
  /** Where the report of a stage would lie, relative to the working folder. */
  reportOf(stage: string): string;
  /** The file with all that a stage of a run printed. */
  logOf(run: string, stage: string): string;
}

export function createLogger(output: LogOutput, options: LoggerOptions): Logger {
  if (options.format === 'json') return jsonLogger(output);
  return output.isTTY && !options.quiet ? terminalLogger(output, options) : plainLogger(output, options);
}
