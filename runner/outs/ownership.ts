import type { Aside } from '../cache/aside.ts';
import type { Cache } from '../cache/cache.ts';
import type { Manifest } from '../cache/entry.ts';
import type { Pipeline, StageInstance } from '../config/index.ts';
import type { Problem } from '../errors.ts';
import { hashFile } from '../fingerprint/hash.ts';
import type { LockedStage } from '../record/lockfile.ts';
import { few, standingAtAll } from './clear.ts';
import { digestOfOuts } from './keep.ts';
import type { OutLedger } from './ledger.ts';
import type { Standing } from './standing.ts';

/** What stands at the outs of a stage, or in their way, and may not be removed. */
export interface Foreign {
  readonly instance: StageInstance;
  readonly standing: readonly Standing[];
  /** Whether it may be what a killed run of the command has left. */
  readonly left: boolean;
}

interface Knowledge {
  readonly ledger: OutLedger;
  readonly cache: Cache;
  readonly locked: (stage: string) => LockedStage | undefined;
}

/**
 * Finds what stands at outs and is nobody's to remove: made by no run, or edited since. What no record tells of, as after
 * `rm -rf artifacts`, or in a fresh checkout of outs that are in git, is recognised by its content: as that of an artifact
 * in the cache, or of the one that pipeline.lock names.
 */
export async function foreignOuts(
  knowledge: Knowledge,
  { instances }: Pick<Pipeline, 'instances'>,
  stages: readonly string[],
): Promise<Foreign[]> {
  const wanted = new Set(stages);
  const found: Foreign[] = [];
  for (const instance of instances) {
    const { name, uses } = instance;
    if (!wanted.has(name) || uses.type !== 'command') continue;
    const { ledger } = knowledge;
    let standing: Standing[] = [];
    for (const one of standingAtAll(ledger.workspace, uses.outs)) {
      if (!(await ledger.owns(one))) standing.push(one);
    }
    if (standing.length > 0) standing = await unknownAmong(knowledge, name, uses.outs, standing);
    if (standing.length === 0) continue;
    found.push({ instance, standing, left: uses.outs.some((out) => ledger.wasKilled(out)) });
  }
  return found;
}

async function unknownAmong(
  { ledger, cache, locked }: Knowledge,
  stage: string,
  outs: readonly string[],
  standing: readonly Standing[],
): Promise<Standing[]> {
  const digests = new Map<string, string>();
  for (const { name, type, path } of standing) if (type === 'file') digests.set(name, await hashFile(path));
  const before = locked(stage);
  const isLocked = before !== undefined && (await digestOfOuts(ledger.workspace, outs)) === before.artifact;
  const known = new Set<string>();
  const recognise = ({ files, folders = [] }: Manifest): void => {
    for (const { name, sha256, link } of [
      ...files,
      ...folders.map((folder) => ({ ...folder, sha256: '' })),
    ]) {
      const one = standing.find((candidate) => candidate.name === name);
      if (one === undefined) continue;
      if (link === undefined ? digests.get(name) === sha256 : one.link === link) known.add(name);
    }
  };
  if (!isLocked) {
    const last = before === undefined ? undefined : await cache.peek(before.key);
    if (last?.type === 'hit') recognise(last.entry.manifest);
    for await (const { kind, manifest } of cache.entries()) if (kind === 'command') recognise(manifest);
  }
  const unknown: Standing[] = [];
  for (const one of standing) {
    const { name, stamp, link } = one;
    if (!isLocked && !known.has(name)) unknown.push(one);
    else {
      const sha256 = digests.get(name);
      ledger.set(name, {
        stamp,
        ...(sha256 !== undefined && { sha256 }),
        ...(link !== undefined && { link }),
      });
    }
  }
  return unknown;
}

/** What is wrong, with the ways out. */
export function foreignProblem({ instance, standing }: Foreign, ledger: OutLedger): Problem {
  const { name: stage, place } = instance;
  const edited = standing.filter(({ name }) => ledger.get(name) !== undefined).map(({ name }) => name);
  const others = standing.filter(({ name }) => ledger.get(name) === undefined).map(({ name }) => name);
  const verb = (names: readonly string[]): string => (names.length === 1 ? 'was' : 'were');
  const parts = [
    ...(others.length > 0
      ? [
          `${few(others)} ${others.length === 1 ? 'stands' : 'stand'} where ${stage} writes its outs, and ${verb(others)} not made by it`,
        ]
      : []),
    ...(edited.length > 0
      ? [`${few(edited)} ${verb(edited)} edited after ${stage} made ${edited.length === 1 ? 'it' : 'them'}`]
      : []),
  ];
  return {
    message: parts.join('; '),
    place,
    stage,
    hint: 'Move it away, or run with --adopt, which moves it to artifacts/.aside/ and gives its place to the stage.',
  };
}

/** Moves it away by name, so that its place is the stage's; gives old and new paths, relative to the workspace. */
export async function setAside(
  { instance, standing, left }: Foreign,
  ledger: OutLedger,
  aside: Aside,
): Promise<{ readonly from: string; readonly to: string }[]> {
  const moved = [];
  for (const { name, path } of standing) {
    const to = await aside.keep(name, path, left ? 'left' : 'adopted');
    ledger.forget(name);
    moved.push({ from: name, to });
  }
  if (instance.uses.type === 'command') ledger.settle(instance.uses.outs);
  await ledger.save();
  return moved;
}
