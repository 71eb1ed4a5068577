import { createColors } from 'picocolors';
import { printableName } from './printable.ts';

/** Where a problem lies. Lines and columns count from 1; `endColumn` is the first column after it, on the same line. */
export interface Place {
  /** A file as the user named it, or the argument itself, as in `--set mfcc.coefficients=x`. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly endColumn?: number;
}

/** Something the user can mend: what is wrong, where, and the way out. */
export interface Problem {
  readonly message: string;
  readonly place?: Place;
  /** The way out. */
  readonly hint?: string;
  /** The instance it concerns, where it concerns only one. */
  readonly stage?: string;
  /** Of a failure that nobody expected; shown only when asked for. */
  readonly stack?: string;
}

/** Expected failures are values: every function that may meet one returns this. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: Problem[] };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure(...problems: Problem[]): { readonly ok: false; readonly problems: Problem[] } {
  return { ok: false, problems };
}

/** 1: a stage failed; 2: usage or configuration. */
export type ExitCode = 1 | 2;

/** Carries problems across the async boundaries of the command line, and only there. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly problems: Problem[];
  readonly exitCode: ExitCode;

  constructor(problems: Problem[], exitCode: ExitCode) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.problems = problems;
    this.exitCode = exitCode;
  }
}

export interface FormatOptions {
  /** The text of the file that the place names; without it the line is not shown. */
  readonly source?: string | undefined;
  readonly colour?: boolean | undefined;
}

/** `file:line:column`, as terminals and editors link it. */
export function formatPlace(place: Place): string {
  return [printableName(place.file), place.line, place.line === undefined ? undefined : place.column]
    .filter((part) => part !== undefined)
    .join(':');
}

/**
 * A problem as the terminal shows it, without a line feed at the end:
 *
 *     pipeline.yaml:3:12: unknown kind mfc
 *       mfcc: {uses: mfc}
 *                    ^^^
 *       did you mean mfcc?
 */
export function formatProblem(problem: Problem, options: FormatOptions = {}): string {
  const colours = createColors(options.colour ?? false);
  const where = problem.place === undefined ? problem.stage : formatPlace(problem.place);
  const lines = [
    `${where === undefined ? '' : colours.bold(where + ':') + ' '}${colours.red(problem.message)}`,
    ...excerpt(problem.place, options.source).map(([line, caret]) => `${line}\n${colours.red(caret)}`),
  ];
  if (problem.hint !== undefined) {
    lines.push(...problem.hint.split('\n').map((line) => `  ${colours.cyan(line)}`));
  }
  return lines.join('\n');
}

const longestExcerpt = 100;

/** The offending line and the carets below it; nothing where either is not known. */
export function excerpt(place: Place | undefined, source: string | undefined): [string, string][] {
  if (place?.line === undefined || place.column === undefined || source === undefined) {
    return [];
  }
  const line = source.split(/\r?\n/, place.line).at(place.line - 1);
  if (line === undefined) {
    return [];
  }
  // A long line is cut to what surrounds the place.
  const start = place.column > longestExcerpt - 20 ? place.column - 1 - 40 : 0;
  const shown = line.slice(start, start + longestExcerpt).trimEnd();
  const before = line.slice(start, place.column - 1).replace(/[^\t]/g, ' ');
  const end = Math.min(place.endColumn ?? place.column + 1, start + shown.length + 1);
  const carets = '^'.repeat(Math.max(1, end - place.column));
  return [[`  ${shown}`, `  ${before}${carets}`]];
}
