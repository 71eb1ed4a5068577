import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { loadPipeline, type Pipeline } from '../config/index.ts';
import { formatProblem, PipelineError, type Problem, type Result } from '../errors.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import type { PipelineArguments } from './options.ts';

/** What a command writes to and is stopped by. */
export interface Terminal {
  stdout(text: string): void;
  /** `movement` moves the cursor or clears before the text, in which nothing else does. */
  stderr(text: string, movement?: string): void;
  readonly isTTY: boolean;
  /** Columns and lines of the terminal, which may change. */
  readonly width: number;
  readonly height: number;
  readonly colour: boolean;
  readonly signal: AbortSignal;
}

/** The folder of the product: set by the launcher. */
export function productHome(): string {
  const home = process.env.PIPELINE_HOME;
  if (home === undefined) throw new Error('PIPELINE_HOME is not set: start with ./pipeline');
  return home;
}

export function openWorkspaceOf({
  file,
  cache,
}: Pick<PipelineArguments, 'file'> & Partial<Pick<PipelineArguments, 'cache'>>): Workspace {
  const workspace = openWorkspace(dirname(resolve(file)), productHome(), undefined, file);
  const sharedCache = sharedCacheOf(cache);
  return sharedCache === undefined ? workspace : { ...workspace, sharedCache };
}

/** What stands above pipeline.yaml; an empty variable of the environment says nothing. */
function sharedCacheOf(option: string | undefined): Workspace['sharedCache'] {
  if (option !== undefined) return { address: option, place: `--cache ${option}` };
  const { PIPELINE_CACHE: variable = '' } = process.env;
  return variable === '' ? undefined : { address: variable, place: 'PIPELINE_CACHE' };
}

/** Throws a `PipelineError` with everything that is wrong with the pipeline. */
export async function loadOf(workspace: Workspace, args: PipelineArguments): Promise<Pipeline> {
  const { file, profile, set } = args;
  return unwrap(await loadPipeline({ file, profile, set, kinds: workspace.kinds }));
}

/** Keeps what was hashed for the next command, where that can be written: looking must not fail on a full disk. */
export async function rememberDigests({ digests }: Workspace): Promise<void> {
  await digests.save().catch(() => undefined);
}

export function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new PipelineError(result.problems, 2);
  return result.value;
}

export function throwIfAny(problems: Problem[]): void {
  if (problems.length > 0) throw new PipelineError(problems, 2);
}

/** Problems as they are shown on stderr, each with the line it points at where its file can be read. */
export function formatProblems(problems: readonly Problem[], terminal: Terminal): string {
  const sources = new Map<string, string | undefined>();
  const sourceOf = (file: string): string | undefined => {
    if (!sources.has(file)) sources.set(file, readText(file));
    return sources.get(file);
  };
  return problems
    .map((problem) => {
      const source = problem.place?.line === undefined ? undefined : sourceOf(problem.place.file);
      return `${formatProblem(problem, { source, colour: terminal.colour })}\n`;
    })
    .join('');
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
