import type { Problem } from '../errors.ts';
import { grouped, mostCombinations } from './bounds.ts';
import type { Bindings } from './interpolate.ts';
import { entriesOf } from './located.ts';
import type { Entry, Located, LocatedMap, LocatedScalar } from './located.ts';
import { fitsInName, folderName, instanceName } from './names.ts';
import { listed, suggestion } from './suggest.ts';

/** One combination of a matrix's values, by key in the matrix's order. */
export interface Combination {
  readonly values: readonly string[];
  readonly bindings: Bindings;
}

/**
 * Every combination of the matrix, the last key running fastest, without those excluded, then those included.
 * A stage without a matrix is one combination without values.
 */
export function expandMatrix(
  name: string,
  stage: LocatedMap,
  matrixChanged: boolean,
  problems: Problem[],
): readonly Combination[] {
  const matrix = stage.entries.get('matrix');
  if (matrix === undefined) {
    for (const key of ['exclude', 'include']) {
      const entry = stage.entries.get(key);
      if (entry !== undefined) {
        problems.push({ message: `${name} has ${key} but no matrix`, place: entry.key });
      }
    }
    return [{ values: [], bindings: new Map() }];
  }
  const keys = [...entriesOf(matrix.value).keys()];
  if (keys.length === 0) {
    problems.push({ message: `the matrix of ${name} has no keys`, place: matrix.key });
    return [];
  }
  const size = sizeOf(matrix.value);
  if (size > mostCombinations) {
    problems.push({
      message: `the matrix of ${name} has ${grouped(size)} combinations; at most ${grouped(mostCombinations)}`,
      place: matrix.key,
      hint: 'leave values away, or make stages of their own of some',
    });
    return [];
  }
  const before = problems.length;
  const excluded = combinations(stage.entries.get('exclude'), keys, name, problems);
  const included = combinations(stage.entries.get('include'), keys, name, problems);
  const used = new Set<LocatedMap>();
  const product = cartesian(matrix.value, name, problems).filter((bindings) => {
    const hit = excluded.filter((exclude) => agrees(exclude, bindings));
    hit.forEach((exclude) => used.add(exclude));
    return hit.length === 0;
  });
  if (problems.length === before) {
    checkExcludes(excluded, used, matrixChanged, name, problems);
  }
  for (const include of included) {
    const missing = keys.filter((key) => !include.entries.has(key));
    if (missing.length > 0) {
      problems.push({ message: `include of ${name} gives no ${missing.join(', ')}`, place: include.place });
      continue;
    }
    const bindings = new Map(keys.map((key) => [key, include.entries.get(key)!.value as LocatedScalar]));
    checkNames(bindings.values(), problems);
    if (product.some((known) => agrees(include, known))) {
      problems.push({
        message: `include of ${name} repeats ${name}[${text(bindings)}]`,
        place: include.place,
      });
    } else {
      product.push(bindings);
    }
  }
  if (product.length === 0 && problems.length === before) {
    problems.push({ message: `exclude leaves ${name} without instances`, place: matrix.key });
  }
  const all = product.map((bindings) => ({
    values: Array.from(bindings.values(), (node) => String(node.value)),
    bindings,
  }));
  problems.push(...sharedFolders(name, all, matrix));
  return all;
}

/** Instances whose artifacts would be shown in one folder. Where letters of either case are one, so are the folders. */
function sharedFolders(name: string, all: readonly Combination[], matrix: Entry): Problem[] {
  const known = new Map<string, readonly string[]>();
  const problems: Problem[] = [];
  for (const { values } of all) {
    const folder = folderName(values).toLowerCase();
    const other = known.get(folder);
    if (other === undefined) {
      known.set(folder, values);
    } else if (other.join() !== values.join()) {
      problems.push({
        message: `${instanceName(name, other)} and ${instanceName(name, values)} would share a folder of artifacts`,
        place: matrix.key,
        hint: 'choose values that still differ when joined by -',
      });
    }
  }
  return problems;
}

function sizeOf(matrix: Located): number {
  const lists = Array.from(entriesOf(matrix).values(), ({ value }) => value);
  return lists.reduce((product, list) => product * (list.type === 'list' ? list.items.length : 0), 1);
}

function text(bindings: Bindings): string {
  return Array.from(bindings.values(), (node) => String(node.value)).join(',');
}

function cartesian(matrix: Located, name: string, problems: Problem[]): Map<string, LocatedScalar>[] {
  let product = [new Map<string, LocatedScalar>()];
  for (const [key, entry] of entriesOf(matrix)) {
    const items = entry.value.type === 'list' ? entry.value.items : [];
    const values = items.filter((item) => item.type === 'scalar');
    const seen = new Set<string>();
    for (const value of values) {
      if (seen.has(String(value.value))) {
        problems.push({
          message: `${key} of ${name} lists ${String(value.value)} twice`,
          place: value.place,
        });
      }
      seen.add(String(value.value));
    }
    checkNames(values, problems);
    product = product.flatMap((bindings) => values.map((value) => new Map(bindings).set(key, value)));
  }
  return product;
}

function checkNames(values: Iterable<LocatedScalar>, problems: Problem[]): void {
  for (const { value, place } of values) {
    if (!fitsInName(String(value))) {
      problems.push({
        message: `a matrix value cannot be ${JSON.stringify(value)}`,
        place,
        hint: 'it becomes part of a name as in train[cnn,mfcc]: no comma outside brackets, no single *, no \\, not only dots',
      });
    }
  }
}

/** The entries of `exclude` or `include` whose keys are the matrix's. */
function combinations(
  entry: Entry | undefined,
  keys: string[],
  name: string,
  problems: Problem[],
): LocatedMap[] {
  const items = entry?.value.type === 'list' ? entry.value.items : [];
  return items.filter((item) => {
    if (item.type !== 'map') {
      return false;
    }
    const unknown = Array.from(item.entries).filter(([key]) => !keys.includes(key));
    for (const [key, { key: place }] of unknown) {
      const hint = suggestion(key, keys, 'matrix keys');
      problems.push({ message: `the matrix of ${name} has no key ${key}`, place, hint });
    }
    return unknown.length === 0;
  }) as LocatedMap[];
}

/** Whether every value the partial combination gives is that of the bindings. */
function agrees(partial: LocatedMap, bindings: Bindings): boolean {
  return Array.from(partial.entries).every(([key, { value }]) => {
    const bound = bindings.get(key);
    return bound !== undefined && value.type === 'scalar' && String(value.value) === String(bound.value);
  });
}

/** An exclude that excludes nothing is a slip, unless the profile or `--set` has changed the matrix under it. */
function checkExcludes(
  excluded: readonly LocatedMap[],
  used: ReadonlySet<LocatedMap>,
  matrixChanged: boolean,
  name: string,
  problems: Problem[],
): void {
  for (const exclude of matrixChanged ? [] : excluded) {
    if (!used.has(exclude)) {
      const values = Array.from(exclude.entries, ([key, { value }]) =>
        value.type === 'scalar' ? `${key}: ${String(value.value)}` : key,
      );
      problems.push({
        message: `exclude of ${name} matches nothing: ${listed(values)}`,
        place: exclude.place,
      });
    }
  }
}
