import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node, YAMLError, YAMLMap } from 'yaml';
import { failure, success } from '../errors.ts';
import type { Place, Problem, Result } from '../errors.ts';
import { mostValues } from './bounds.ts';
import { lowerFirst } from './suggest.ts';
import { foreignNumber } from './json-value.ts';
import { Lines } from './lines.ts';
import type { Entry, Located, LocatedMap, LocatedScalar } from './located.ts';

const plainTags: readonly string[] = ['tag:yaml.org,2002:map', 'tag:yaml.org,2002:seq'];
const listsAndMaps = 'write a list or a map';

/** `tag:yaml.org,2002:set` → `!!set`. */
function shortTag(tag: string): string {
  return tag.replace(/^tag:yaml\.org,2002:/, '!!');
}

/** Reads YAML 1.2 with the place of every value. `undefined` for a text without any. */
export function parseYaml(text: string, file: string): Result<Located | undefined> {
  const lines = new Lines(text, file);
  // Duplicate keys are found below, with the place of the first.
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false });
  const faults: YAMLError[] = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return failure(
      ...faults.map((fault) => ({
        message:
          fault.code === 'MULTIPLE_DOCS'
            ? 'a second document begins here, but a pipeline is one'
            : `not valid YAML: ${lowerFirst(fault.message)}`,
        place: lines.place(...fault.pos),
      })),
    );
  }
  const version = document.directives?.yaml.version ?? '1.2';
  if (version !== '1.2') {
    // Where 010 is 8 and yes is true.
    const hint = 'take the line %YAML away';
    return failure({ message: `a pipeline is YAML 1.2, not ${version}`, place: lines.place(0, 0), hint });
  }
  const reader = new Reader((start, end) => lines.place(start, end), { file });
  const root = document.contents === null ? undefined : reader.read(document.contents);
  return reader.problems.length > 0 ? failure(...reader.problems) : success(root);
}

/** A value that stands in an argument: the argument is the place of all of it. */
export function locatedAt(document: Document, place: Place): Result<Located> {
  const reader = new Reader(() => place, place);
  const root = reader.read(document.contents);
  return reader.problems.length > 0 ? failure(...reader.problems) : success(root);
}

class Reader {
  readonly problems: Problem[] = [];
  private readonly placeOf: (start: number, end: number) => Place;
  /** The place of what has none of its own. */
  private readonly whole: Place;
  private readonly resolved = new Map<Node, { node: Located; values: number }>();
  private readonly open = new Set<Node>();
  /** The last node above that each anchor names. To look them up in the document takes a walk through all of it. */
  private readonly anchors = new Map<string, Node>();
  private values = 0;

  constructor(placeOf: (start: number, end: number) => Place, whole: Place) {
    this.placeOf = placeOf;
    this.whole = whole;
  }

  read(node: unknown): Located {
    this.values++;
    if (isAlias(node)) {
      return this.readAlias(node);
    }
    const { anchor } = (node ?? {}) as { anchor?: string };
    if (anchor !== undefined) {
      this.anchors.set(anchor, node as Node);
    }
    if (!isMap(node) && !isSeq(node)) {
      return isScalar(node) ? this.readScalar(node) : { type: 'scalar', value: null, place: this.whole };
    }
    const before = this.values;
    this.open.add(node);
    const place = this.place(node);
    if (node.tag !== undefined && !plainTags.includes(node.tag)) {
      this.problems.push({ message: `${shortTag(node.tag)} is not supported`, place, hint: listsAndMaps });
    }
    const read: Located = isMap(node)
      ? this.readMap(node, place)
      : { type: 'list', items: node.items.map((item) => this.read(item)), place };
    this.open.delete(node);
    if (node.anchor !== undefined) {
      this.resolved.set(node, { node: read, values: this.values - before });
    }
    return read;
  }

  private readAlias(alias: Node & { source: string }): Located {
    const place = this.place(alias);
    const target = this.anchors.get(alias.source);
    if (target === undefined || this.open.has(target)) {
      const message =
        target === undefined ? 'the alias names no anchor above it' : 'an alias cannot contain itself';
      this.problems.push({ message, place });
      return { type: 'scalar', value: null, place };
    }
    const known = this.resolved.get(target);
    this.values += known?.values ?? 0;
    if (this.values > mostValues) {
      this.problems.push({ message: 'too many values through aliases', place });
      return { type: 'scalar', value: null, place };
    }
    return known?.node ?? this.read(target);
  }

  private readScalar(node: Node & { value: unknown; source?: string }): LocatedScalar {
    const { value } = node;
    const place = this.place(node);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') {
      return { type: 'scalar', value, place };
    }
    if (typeof value === 'number') {
      const reason = foreignNumber(value, node.source);
      if (reason === undefined) return { type: 'scalar', value, place };
      this.problems.push({ message: reason, place, hint: 'write it in quotes if it is meant as text' });
    } else {
      const message = `${node.tag === undefined ? 'this sort of value' : shortTag(node.tag)} is not supported`;
      this.problems.push({ message, place, hint: 'write it in quotes, as text' });
    }
    return { type: 'scalar', value: null, place };
  }

  private readMap(node: YAMLMap, place: Place): LocatedMap {
    const entries = new Map<string, Entry>();
    const merged: LocatedMap[] = [];
    for (const pair of node.items) {
      const name = this.keyName(pair.key);
      if (name === undefined) {
        continue;
      }
      const key = this.place(pair.key);
      const value =
        pair.value === null ? { type: 'scalar' as const, value: null, place: key } : this.read(pair.value);
      const earlier = entries.get(name);
      if (name === '<<') {
        merged.push(...this.mergedMaps(value));
      } else if (earlier === undefined) {
        entries.set(name, { key, value });
      } else {
        this.problems.push({
          message: `${name} is written twice`,
          place: key,
          hint: `the first is on line ${earlier.key.line ?? 1}`,
        });
      }
    }
    for (const map of merged) {
      this.values += map.entries.size;
      if (this.values > mostValues) {
        this.problems.push({ message: 'too many values through aliases', place });
        break;
      }
      for (const [name, entry] of map.entries) {
        if (!entries.has(name)) {
          entries.set(name, entry);
        }
      }
    }
    return { type: 'map', entries, place };
  }

  private mergedMaps(value: Located): LocatedMap[] {
    const maps = value.type === 'list' ? value.items : [value];
    return maps.flatMap((map) => {
      if (map.type === 'map') {
        return [map];
      }
      this.problems.push({ message: '<< takes a map or a list of maps', place: map.place });
      return [];
    });
  }

  private keyName(key: unknown): string | undefined {
    const name = isScalar(key) ? (typeof key.value === 'string' ? key.value : key.source) : undefined;
    if (name !== undefined) {
      return name;
    }
    this.problems.push({ message: 'a key must be a name', place: this.place(key) });
    return undefined;
  }

  private place(node: unknown): Place {
    const range = (node as Node | null)?.range;
    return range ? this.placeOf(range[0], range[1]) : this.whole;
  }
}
