import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { basename, delimiter, dirname, join, posix, relative, resolve, sep } from 'node:path';
import { distinctProblems } from '../config/distinct.ts';
import type { CommandUse, Pipeline, StageInstance } from '../config/index.ts';
import { nearest } from '../config/suggest.ts';
import type { Problem } from '../errors.ts';
import { shownName } from '../fingerprint/file-names.ts';
import { filesOfDep, type NamedFiles } from '../fingerprint/named-files.ts';
import { walk } from '../fingerprint/walk.ts';
import type { Workspace } from '../workspace.ts';
import { ownFiles } from './own-files.ts';

type Place = Pick<Workspace, 'folder' | 'artifacts' | 'lockfilePath'>;

/**
 * What is wrong with the deps of command stages, which must all be there and readable before anything runs.
 *
 * @param selected names of the instances whose deps are needed; left out, all.
 */
export function depProblems(
  workspace: Place,
  { instances }: Pick<Pipeline, 'instances'>,
  selected?: readonly string[],
): Problem[] {
  const problems: Problem[] = [];
  for (const { name, stage, uses } of instances) {
    if (uses.type !== 'command' || selected?.includes(name) === false) continue;
    for (const [at, dep] of uses.deps.entries()) {
      const problem = problemOf(dep, stage, instances, workspace);
      if (problem !== undefined) problems.push({ ...problem, place: uses.depPlaces[at] });
    }
  }
  return distinctProblems(problems);
}

function problemOf(
  dep: string,
  stage: string,
  others: readonly StageInstance[],
  workspace: Place,
): Problem | undefined {
  const named = filesOfDep(dep, workspace.folder);
  const it = `the dep ${dep} of ${stage}`;
  if (isIn(named.path, workspace.artifacts)) {
    const message = `${it} lies in ${basename(workspace.artifacts)}/, which shows what stages made`;
    return { message, hint: 'take in what a stage made by "in: {NAME: STAGE}"' };
  }
  if (resolve(named.path) === workspace.lockfilePath) {
    return { message: `${it} is written by every run`, hint: 'name what the command reads' };
  }
  const made = outChosenBy(named, others, workspace);
  if (made !== undefined) {
    const hint = 'let the pattern match only what no stage makes';
    return { message: `${it} matches ${made.out}, an out of ${made.stage}`, hint };
  }
  let any = false;
  try {
    any = countOf(walk(named.path, { ...named, own: ownFiles(workspace) })) > 0;
  } catch (error) {
    return unreadable(it, error);
  }
  if (any) return undefined;
  if (isLink(named.path)) {
    return { message: `${it} is a link that leads nowhere`, hint: 'bring back what it leads to' };
  }
  const what = named.choice === undefined ? 'is not there' : 'matches no file';
  return { message: `${it} ${what}`, hint: wayOut(named, others, workspace) };
}

function unreadable(it: string, error: unknown): Problem {
  if (!(error instanceof Error)) throw error;
  const { place, hint, path } = error as Error & { place?: string; hint?: string; path?: string };
  const at = place ?? path;
  return {
    message: `${it} cannot be read: ${at === undefined ? '' : `${at}: `}${error.message}`,
    ...(hint !== undefined && { hint }),
  };
}

/** Why there may be nothing, and what to write instead. */
function wayOut(
  { root, path, choice }: NamedFiles,
  others: readonly StageInstance[],
  { folder }: Pick<Place, 'folder'>,
): string {
  const maker = others.find(({ uses }) => uses.type === 'command' && makes(uses, root));
  if (maker !== undefined) {
    return `${maker.name} makes it: take it in by "in: {${maker.stage}: ${maker.stage}}", which makes it run first`;
  }
  if (root.startsWith('!'))
    return 'nothing is left out by "!"; within a pattern, !(a|b) stands for all but these';
  if (root.startsWith('~') && !root.startsWith('~/'))
    return 'only ~/ is a home folder, yours; write others out';
  if (root.includes('$')) return 'variables of the environment are not replaced in deps; write the path out';
  if (choice !== undefined) return 'correct the pattern, or make the files first';
  const near = nearest(basename(path), namesIn(dirname(path)));
  if (near !== undefined) return `did you mean ${posix.join(posix.dirname(root), near)}?`;
  if (!root.includes('/') && isProgram(root)) {
    return `${root} is a program; a dep is a file or folder below that of pipeline.yaml, or by its whole path`;
  }
  return `nothing is at ${resolve(folder, path)}: correct the name, or make it first`;
}

/** An out that a pattern matches, which would make the stage stale each time it is made. */
function outChosenBy(
  { path, choice }: NamedFiles,
  others: readonly StageInstance[],
  { folder }: Pick<Place, 'folder'>,
): { readonly out: string; readonly stage: string } | undefined {
  if (choice === undefined) return undefined;
  for (const { name: stage, uses } of others) {
    for (const out of uses.type === 'command' ? uses.outs : []) {
      const name = relative(path, join(folder, out));
      if (!name.startsWith('..') && (choice.file(name) || choice.folder(name) === 'all'))
        return { out, stage };
    }
  }
  return undefined;
}

function makes({ outs }: CommandUse, dep: string): boolean {
  const path = posix.normalize(dep).replace(/\/$/, '');
  return outs.some((out) => out === path || path.startsWith(`${out}/`));
}

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  const iterator = items[Symbol.iterator]();
  while (iterator.next().done !== true) count += 1;
  return count;
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}${sep}`);
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map(shownName);
  } catch {
    return [];
  }
}

function isProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}
