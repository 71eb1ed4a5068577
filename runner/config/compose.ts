import type { Place, Problem } from '../errors.ts';
import { entriesOf, isNull, withEntry } from './located.ts';
import type { Entry, Located, LocatedMap } from './located.ts';
import { profileOverride } from './overrides.ts';
import type { Override } from './overrides.ts';
import { suggestion } from './suggest.ts';

/** The stages after profile and `--set` of matrices; what concerns params comes as overrides, in order. */
export interface Composition {
  readonly stages: ReadonlyMap<string, Entry>;
  /** Stages that the profile removes. */
  readonly removed: ReadonlySet<string>;
  /** Stages that only the profile has. */
  readonly added: ReadonlySet<string>;
  /** Stages whose matrix is not the one written beside their `exclude`. */
  readonly changedMatrix: ReadonlySet<string>;
  readonly overrides: readonly Override[];
  readonly cache: Entry | undefined;
  readonly problems: readonly Problem[];
}

/** Applies a profile, with those it extends, and the `--set` arguments to the file's stages. */
export function compose(root: Entry, profile: string | undefined, sets: readonly Override[]): Composition {
  const top = entriesOf(root.value);
  const problems: Problem[] = [];
  const chain = profile === undefined ? [] : profileChain(top.get('profiles'), profile, problems);
  const written = entriesOf(top.get('stages')?.value);
  const stages = new Map(written);
  const removed = new Set<string>();
  const overrides: Override[] = [];
  let cache = top.get('cache');
  for (const { entry } of chain) {
    for (const [key, value] of entriesOf(entry.value)) {
      if (key === 'stages') {
        overlayStages(stages, value.value, removed);
      } else if (key === 'cache') {
        cache = value;
      } else if (key !== 'extends' && key !== 'description') {
        const override = profileOverride(key, value);
        if (override !== undefined) {
          overrides.push(override);
        }
      }
    }
  }
  overrides.push(...sets);
  const added = new Set([...stages.keys()].filter((name) => !written.has(name)));
  const original = new Map(Array.from(written, ([name, entry]) => [name, matrixOf(entry)]));
  const remaining = overrides.filter((override) => !applyToMatrix(stages, removed, override, problems));
  const changedMatrix = new Set(
    Array.from(stages)
      .filter(([name, entry]) => matrixOf(entry) !== original.get(name))
      .map(([name]) => name),
  );
  return { stages, removed, added, changedMatrix, overrides: remaining, cache, problems };
}

function matrixOf(stage: Entry): Located | undefined {
  return entriesOf(stage.value).get('matrix')?.value;
}

interface NamedProfile {
  readonly name: string;
  readonly entry: Entry;
}

/** The profile and those it extends, the most basic first. */
function profileChain(profiles: Entry | undefined, name: string, problems: Problem[]): NamedProfile[] {
  const all = entriesOf(profiles?.value);
  const chain: NamedProfile[] = [];
  let wanted: string | undefined = name;
  let place: Place = { file: `--profile ${name}` };
  while (wanted !== undefined) {
    const entry = all.get(wanted);
    if (entry === undefined) {
      problems.push({
        message: `unknown profile ${wanted}`,
        place,
        hint: suggestion(wanted, [...all.keys()], 'profiles'),
      });
      return [];
    }
    if (chain.some((known) => known.name === wanted)) {
      const names = [...chain.map((known) => known.name), wanted];
      problems.push({ message: `profiles extend each other: ${names.join(' → ')}`, place });
      return [];
    }
    chain.push({ name: wanted, entry });
    const base = entriesOf(entry.value).get('extends')?.value;
    place = base?.place ?? place;
    wanted = base?.type === 'scalar' && typeof base.value === 'string' ? base.value : undefined;
  }
  return chain.reverse();
}

function overlayStages(stages: Map<string, Entry>, overlay: Located, removed: Set<string>): void {
  for (const [name, entry] of entriesOf(overlay)) {
    const base = stages.get(name);
    if (isNull(entry.value)) {
      stages.delete(name);
      removed.add(name);
    } else {
      removed.delete(name);
      stages.set(
        name,
        base === undefined ? entry : { key: base.key, value: overlayStage(base.value, entry.value) },
      );
    }
  }
}

/**
 * A stage's keys are replaced one by one, and so are the entries of `in`, `with`, `matrix` and `resources`. Where
 * the overlay names another kind or command, the params of the old one are dropped.
 */
function overlayStage(base: Located, overlay: Located): Located {
  if (base.type !== 'map' || overlay.type !== 'map') {
    return overlay;
  }
  let result = base;
  if (overlay.entries.has('uses') || overlay.entries.has('run')) {
    const entries = new Map(base.entries);
    ['uses', 'run', 'with'].forEach((key) => entries.delete(key));
    result = { ...base, entries };
  }
  for (const [key, entry] of overlay.entries) {
    const old = result.entries.get(key)?.value;
    const value =
      old?.type === 'map' && entry.value.type === 'map'
        ? overlayMap(old, entry.value, key === 'with')
        : entry.value;
    result = withEntry(result, key, { key: entry.key, value });
  }
  return result;
}

/** Entry by entry; below params every map is merged, and null is a value like any other. */
function overlayMap(base: LocatedMap, overlay: LocatedMap, nullIsValue: boolean): LocatedMap {
  const entries = new Map(base.entries);
  for (const [key, entry] of overlay.entries) {
    const old = entries.get(key)?.value;
    if (isNull(entry.value) && !nullIsValue) {
      entries.delete(key);
    } else if (old?.type === 'map' && entry.value.type === 'map') {
      entries.set(key, { key: entry.key, value: overlayMap(old, entry.value, nullIsValue) });
    } else {
      entries.set(key, entry);
    }
  }
  return { ...overlay, entries };
}

/** `stage.matrix` and `stage.matrix.key` change the matrix itself. Whether the override is dealt with. */
function applyToMatrix(
  stages: Map<string, Entry>,
  removed: ReadonlySet<string>,
  override: Override,
  problems: Problem[],
): boolean {
  const { target, path, entry } = override;
  const stage = stages.get(target.stage);
  const place = entry.key;
  if (stage === undefined) {
    const hint = removed.has(target.stage)
      ? `the profile removes ${target.stage}`
      : suggestion(target.stage, [...stages.keys()], 'stages');
    problems.push({ message: `unknown stage ${target.stage}`, place, hint });
    return true;
  }
  const [first, ...keys] = path;
  if (first !== 'matrix' || target.values !== undefined || stage.value.type !== 'map') {
    return false;
  }
  const matrix = matrixOf(stage);
  if (keys.length === 0) {
    stages.set(target.stage, { ...stage, value: withEntry(stage.value, 'matrix', entry) });
    return true;
  }
  if (matrix?.type !== 'map') {
    problems.push({ message: `${target.stage} has no matrix`, place });
  } else if (!matrix.entries.has(keys.join('.'))) {
    const name = keys.join('.');
    const hint = suggestion(name, [...matrix.entries.keys()], `matrix keys of ${target.stage}`);
    problems.push({ message: `the matrix of ${target.stage} has no key ${name}`, place, hint });
  } else {
    const values: Located =
      entry.value.type === 'scalar'
        ? { type: 'list', items: [entry.value], place: entry.value.place }
        : entry.value;
    const changed = withEntry(matrix, keys.join('.'), { key: place, value: values });
    const old = stage.value.entries.get('matrix')?.key ?? place;
    stages.set(target.stage, {
      ...stage,
      value: withEntry(stage.value, 'matrix', { key: old, value: changed }),
    });
  }
  return true;
}
