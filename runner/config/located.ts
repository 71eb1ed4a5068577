import type { Place } from '../errors.ts';

/** A value of the configuration that knows where it was written. Immutable: overlays make new maps. */
export type Located = LocatedScalar | LocatedList | LocatedMap;

export interface LocatedScalar {
  readonly type: 'scalar';
  readonly value: string | number | boolean | null;
  /** What was typed on the command line, where the schema may want text instead of the number it reads as. */
  readonly typed?: string;
  readonly place: Place;
}

export interface LocatedList {
  readonly type: 'list';
  readonly items: readonly Located[];
  readonly place: Place;
}

export interface LocatedMap {
  readonly type: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place;
}

/** A value with the place of its key. */
export interface Entry {
  readonly key: Place;
  readonly value: Located;
}

function emptyMap(place: Place): LocatedMap {
  return { type: 'map', entries: new Map(), place };
}

export function isNull(node: Located | undefined): boolean {
  return node?.type === 'scalar' && node.value === null;
}

/** The entries of a map; none for anything else. */
export function entriesOf(node: Located | undefined): ReadonlyMap<string, Entry> {
  return node?.type === 'map' ? node.entries : new Map<string, Entry>();
}

function childOf(node: Located, step: PropertyKey): Entry | undefined {
  if (node.type === 'map') {
    return node.entries.get(String(step));
  }
  const item = node.type === 'list' ? node.items[Number(step)] : undefined;
  return item === undefined ? undefined : { key: item.place, value: item };
}

/** The place of what lies at `path`, or of the key of the deepest part of the path that there is. */
export function placeAt(entry: Entry, path: readonly PropertyKey[]): Place {
  let current = entry;
  for (const step of path) {
    const next = childOf(current.value, step);
    if (next === undefined) {
      return current.key;
    }
    current = next;
  }
  return isNull(current.value) ? current.key : current.value.place;
}

export function nodeAt(node: Located, path: readonly PropertyKey[]): Located | undefined {
  let current: Located | undefined = node;
  for (const step of path) {
    current = current === undefined ? undefined : childOf(current, step)?.value;
  }
  return current;
}

/** The plain value; with a depth, maps and lists below it are left empty. */
export function plain(node: Located, depth = Infinity): unknown {
  if (node.type === 'scalar') {
    return node.value;
  }
  if (node.type === 'list') {
    return depth === 0 ? [] : node.items.map((item) => plain(item, depth - 1));
  }
  const entries = depth === 0 ? [] : Array.from(node.entries);
  return Object.fromEntries(entries.map(([key, { value }]) => [key, plain(value, depth - 1)]));
}

/** A plain value with one place for all of it. What JSON cannot say is left out. */
export function locatedFrom(value: unknown, place: Place): Located | undefined {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return { type: 'scalar', value, place };
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => locatedFrom(item, place)).filter((item) => item !== undefined);
    return { type: 'list', items, place };
  }
  if (typeof value !== 'object') {
    return undefined;
  }
  const entries = new Map<string, Entry>();
  for (const [key, item] of Object.entries(value)) {
    const node = locatedFrom(item, place);
    if (node !== undefined) {
      entries.set(key, { key: place, value: node });
    }
  }
  return { type: 'map', entries, place };
}

export function withEntry(map: LocatedMap, key: string, entry: Entry): LocatedMap {
  return { ...map, entries: new Map(map.entries).set(key, entry) };
}

/** The map with the value at `path` (one step at least) replaced; maps on the way are made. Undefined where the way is no map. */
export function withValueAt(map: LocatedMap, path: readonly string[], entry: Entry): LocatedMap | undefined {
  const [first, ...rest] = path;
  if (rest.length === 0) {
    return withEntry(map, first, entry);
  }
  const inner = map.entries.get(first);
  if (inner !== undefined && inner.value.type !== 'map' && !isNull(inner.value)) {
    return undefined;
  }
  const below = inner?.value.type === 'map' ? inner.value : emptyMap(entry.value.place);
  const changed = withValueAt(below, rest, entry);
  return changed && withEntry(map, first, { key: inner?.key ?? entry.key, value: changed });
}
