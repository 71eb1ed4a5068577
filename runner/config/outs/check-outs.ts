import { basename, dirname, join, resolve } from 'node:path';
import type { Place, Problem } from '../../errors.ts';
import { cacheFolder, noCache, parseCacheAddress } from '../cache-address.ts';
import type { LoadOptions } from '../load.ts';
import { nodeAt } from '../located.ts';
import type { Draft, Stage } from '../stages.ts';
import { isOut, plainPath } from './read-outs.ts';
import { Places, realPlace, realPlaces, relationOf } from './real-path.ts';

interface Out {
  readonly path: string;
  readonly stage: Stage;
  readonly draft: Draft;
  /** Where it really lies. */
  readonly real: string;
  readonly place: Place;
}

/** Something that no stage may remove or replace. */
interface Ground {
  readonly path: string;
  readonly reals: readonly string[];
  /** What it is, as in `data is a dep of clean`. */
  readonly is: string;
  readonly hint: string;
}

/**
 * Refuses outs that are, hold or lie in anything that a run may not remove or replace: what stages read, code, the
 * pipeline's own files, the cache, other outs. Outs are removed before their command runs, so what they overlap with
 * would be lost, or would make the stage stale each time it runs. What counts is where paths really lead.
 */
export function checkOuts(
  stages: Iterable<Stage>,
  options: Pick<LoadOptions, 'file' | 'kinds'> & { readonly cache: unknown },
): Problem[] {
  const folder = dirname(resolve(options.file));
  const drafts = Array.from(stages, (stage) => stage.drafts.map((draft) => ({ stage, draft }))).flat();
  const outs = drafts.flatMap(({ stage, draft }) => outsOf(stage, draft, folder));
  if (outs.length === 0) return [];
  const problems: Problem[] = [];
  const fixed = ownGrounds(folder, options);
  const read = drafts.flatMap(({ stage, draft }) => readBy(stage, draft, folder));
  const readPlaces = new Places();
  for (const { reals } of read)
    reals.forEach((real) => {
      readPlaces.add(real);
    });
  const earlier = new Places();
  for (const [at, out] of outs.entries()) {
    const problem =
      clash(out, fixed) ??
      gitClash(out) ??
      (earlier.meet(out.real) ? clashOfOuts(out, outs.slice(0, at)) : undefined) ??
      (readPlaces.meet(out.real) ? clashWithReads(out, read) : undefined);
    if (problem !== undefined) problems.push(problem);
    earlier.add(out.real);
  }
  return problems;
}

function outsOf(stage: Stage, draft: Draft, folder: string): Out[] {
  if (draft.uses?.type !== 'command') return [];
  return draft.uses.outs.flatMap((path, at) => {
    if (!isOut(path)) return [];
    const place = placeOf(stage, 'outs', at);
    return [{ path, stage, draft, real: realPlace(join(folder, path)), place }];
  });
}

function placeOf(stage: Stage, key: 'deps' | 'outs', at: number): Place {
  return nodeAt(stage.node, [key, at])?.place ?? stage.place;
}

/** What no pipeline may claim, whatever its stages are. */
function ownGrounds(
  folder: string,
  { file, kinds, cache }: Pick<LoadOptions, 'file' | 'kinds'> & { readonly cache: unknown },
): Ground[] {
  const ground = (path: string, is: string, hint = 'give it another name'): Ground => ({
    path,
    reals: realPlaces(resolve(folder, path)),
    is,
    hint,
  });
  const grounds = [
    ground(basename(file), 'the pipeline itself'),
    ground('.', 'the folder of pipeline.yaml', 'an out is a file or folder below it'),
    ground('pipeline.yaml', 'a pipeline'),
    ground('pipeline.lock', 'what states which results the last run used'),
    ground('stages', 'the code of the kinds'),
    ground('package.json', 'what says which packages the kinds use'),
    ground('package-lock.json', 'what says which packages the kinds use'),
    ground('node_modules', 'the packages that the kinds use'),
    ground(
      'artifacts',
      'where the pipeline keeps and shows what stages made',
      'what a stage makes will lie there by itself',
    ),
    ...(kinds.code?.() ?? []).map((path) => ground(path, 'code that runs the stages')),
  ];
  const shared = typeof cache === 'string' && cache !== noCache ? parseCacheAddress(cache) : undefined;
  if (shared !== undefined && 'place' in shared && shared.place.type === 'folder') {
    grounds.push(ground(cacheFolder(shared.place.folder, folder), 'the shared cache'));
  }
  return grounds;
}

/** The folder of pipeline.yaml holds every out; all else may neither be it, hold it, nor lie in it. */
function clash(out: Out, grounds: readonly Ground[]): Problem | undefined {
  for (const { path, reals, is, hint } of grounds) {
    for (const real of reals) {
      const relation = relationOf(out.real, real);
      if (relation === undefined || (path === '.' && relation === 'inside')) continue;
      return { message: sentence(out.path, relation, path, is), place: out.place, hint };
    }
  }
  if (/^(?:.+\.)?pipeline\.lock$/i.test(out.path)) {
    const message = `${out.path} is the name of what states which results a run used`;
    return { message, place: out.place, hint: 'give it another name' };
  }
  return undefined;
}

function sentence(path: string, relation: 'same' | 'inside' | 'holds', other: string, is: string): string {
  if (relation === 'same') return path === other ? `${path} is ${is}` : `${path} is ${other}, ${is}`;
  return `${path} ${relation === 'inside' ? 'lies in' : 'holds'} ${other}, ${is}`;
}

/** git's folder may lie anywhere. */
function gitClash({ path, real, place }: Out): Problem | undefined {
  if (![...path.split('/'), ...real.split('/')].some((part) => part.toLowerCase() === '.git'))
    return undefined;
  return { message: `${path} is or lies in git's own folder`, place, hint: 'give it another name' };
}

function clashOfOuts(out: Out, others: readonly Out[]): Problem | undefined {
  for (const other of others) {
    const relation = relationOf(out.real, other.real);
    if (relation === undefined) continue;
    const both = relation === 'same' && out.path === other.path ? '' : `, which makes ${other.path}`;
    const hint =
      out.stage === other.stage && out.draft !== other.draft
        ? 'put a ${matrix key} into its name'
        : 'give it another name';
    const message = `${out.path} is an out of ${other.draft.name} too${both}`;
    return { message, place: out.place, hint };
  }
  return undefined;
}

interface Read extends Ground {
  readonly stage: Stage;
  readonly draft: Draft;
  /** Of a dep, where it stands. */
  readonly place: Place | undefined;
}

/** What an instance reads from outside the pipeline. */
function readBy(stage: Stage, draft: Draft, folder: string): Read[] {
  const { uses, params } = draft;
  const read = (path: string, is: string, place?: Place): Read => {
    const reals = realPlaces(resolve(folder, baseOf(path)));
    return { path, reals, is, hint: 'give it another name', stage, draft, place };
  };
  if (uses?.type === 'command') {
    return uses.deps.map((dep, at) =>
      read(plainPath(dep), `a dep of ${draft.name}`, placeOf(stage, 'deps', at)),
    );
  }
  if (uses === undefined || params === undefined || draft.leftOut !== undefined) return [];
  if (uses.kind.type === 'source' && draft.inputs !== undefined && 'files' in draft.inputs) return [];
  // What cannot be read from params is told with the params.
  const paths = (uses.kind.files?.(params) ?? []).filter((path) => typeof path === 'string');
  return paths.map((path) => read(plainPath(path), `what ${draft.name} reads`));
}

/** The folder below which a pattern finds files; a path without `*` and the like is its own. */
function baseOf(path: string): string {
  const parts = path.split('/');
  const first = parts.findIndex((part) => /[*?[{]/.test(part));
  return first < 0 ? path : parts.slice(0, first).join('/') || (path.startsWith('/') ? '/' : '.');
}

function clashWithReads(out: Out, reads: readonly Read[]): Problem | undefined {
  for (const read of reads) {
    const isPattern = baseOf(read.path) !== read.path;
    for (const real of read.reals) {
      const found = relationOf(out.real, real);
      if (found === undefined) continue;
      // Beside what a pattern finds, other things may lie.
      if (isPattern && found === 'inside') continue;
      const relation = isPattern ? 'holds' : found;
      const hint = hintFor(out, read);
      if (read.draft === out.draft || read.place === undefined) {
        const is = read.draft === out.draft ? `${read.is} itself` : read.is;
        return { message: sentence(out.path, relation, read.path, is), place: out.place, hint };
      }
      const is = `an out of ${out.draft.name}`;
      return { message: sentence(read.path, inverse[relation], out.path, is), place: read.place, hint };
    }
  }
  return undefined;
}

const inverse = { same: 'same', inside: 'holds', holds: 'inside' } as const;

function hintFor(out: Out, read: Read): string {
  if (read.draft === out.draft) {
    return 'a stage cannot read what it makes: give the out another name, or leave the dep away';
  }
  if (read.draft.uses?.type === 'command' || read.draft.uses?.kind.type === 'source') {
    const name = read.draft.uses.type === 'command' ? out.stage.name : 'files';
    return `take what a stage makes by "in: {${name}: ${out.draft.name}}", so that it is made first`;
  }
  return 'give the out another name';
}
