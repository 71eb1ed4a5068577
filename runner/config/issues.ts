import { z } from 'zod';
import type { Place, Problem } from '../errors.ts';
import { nodeAt, placeAt } from './located.ts';
import type { Entry } from './located.ts';
import { listed, nearest } from './suggest.ts';

type Issue = z.core.$ZodIssue;

/** How to speak of what the issues are about. */
export interface Wording {
  /** Names the thing at the path, e.g. `param coefficients`. */
  readonly name: (path: readonly PropertyKey[]) => string;
  /** What says that a key is unknown, e.g. `features/mfcc has no param coefs`. */
  readonly unknown: (key: string, path: readonly PropertyKey[]) => string;
  /** The keys there are at a path. */
  readonly known: (path: readonly PropertyKey[]) => readonly string[];
}

/** zod's issues as problems with places, in our own words. */
export function issueProblems(issues: readonly Issue[], entry: Entry, wording: Wording): Problem[] {
  return issues.flatMap((issue) => issueProblem(issue, entry, wording));
}

function issueProblem(issue: Issue, entry: Entry, wording: Wording): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, issue.path, entry, wording));
  }
  if (issue.code === 'invalid_union') {
    const inner = deepestBranch(issue);
    if (inner !== undefined) {
      return inner.flatMap((below) =>
        issueProblem({ ...below, path: [...issue.path, ...below.path] }, entry, wording),
      );
    }
  }
  const node = nodeAt(entry.value, issue.path);
  const place = placeAt(entry, issue.path);
  const name = wording.name(issue.path);
  if (
    node === undefined &&
    (issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union')
  ) {
    return [{ message: `${name} is missing: it must be ${expectation(issue) ?? 'given'}`, place }];
  }
  const written = isAuthors(issue) ? undefined : expectation(issue);
  if (written === undefined) {
    return [{ message: `${name} ${issue.message}`, place }];
  }
  const actual = node === undefined ? '' : `, not ${shown(node)}`;
  return [{ message: `${name} must be ${written}${actual}`, place, ...optionHint(issue, node) }];
}

function unknownKey(key: string, path: readonly PropertyKey[], entry: Entry, wording: Wording): Problem {
  const parent = nodeAt(entry.value, path);
  const found = parent?.type === 'map' ? parent.entries.get(key) : undefined;
  const known = wording.known(path);
  const near = nearest(key, known);
  const hint =
    near === undefined
      ? known.length === 0
        ? undefined
        : `there are: ${listed(known)}`
      : `did you mean ${near}?`;
  return {
    message: wording.unknown(key, path),
    place: found?.key ?? placeAt(entry, path),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** The branch of a union that got furthest, if its issues lie deeper than the union itself. */
function deepestBranch(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  return (
    issue.errors.find((branch) => branch.every((below) => below.path.length > 0) && branch.length > 0) ??
    issue.errors.find((branch) => branch.some((below) => below.code === 'unrecognized_keys'))
  );
}

const typeNames: Readonly<Record<string, string>> = {
  int: 'an integer',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
  map: 'a map',
  null: 'null',
};

/** What a value must be, to follow `must be`. Undefined where zod's own words are as good. */
function expectation(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? `a ${issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? json(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return size(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return size(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_union': {
      const branches = issue.errors.map((branch) => branch.slice(0, 1).map(expectation)).flat();
      const words = [...new Set(branches.filter((branch) => branch !== undefined))];
      return words.length === 0 ? undefined : alternatives(words);
    }
    default:
      return undefined;
  }
}

function alternatives(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' or ');
}

/** `layers[1]`, `earlyStopping.patience`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i === 0 ? '' : '.'}${String(step)}`))
    .join('');
}

function size(origin: string, comparison: string, limit: number | bigint): string {
  if (origin === 'string') {
    return comparison === 'at least' && limit === 1
      ? 'text that is not empty'
      : `text of ${comparison} ${limit} characters`;
  }
  if (origin === 'array' || origin === 'set' || origin === 'object') {
    return `${origin === 'object' ? 'a map' : 'a list'} of ${comparison} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  }
  return `${comparison} ${limit}`;
}

function optionHint(issue: Issue, node: Entry['value'] | undefined): { hint?: string } {
  const value = node?.type === 'scalar' ? node.value : undefined;
  if (issue.code !== 'invalid_value' || typeof value !== 'string') {
    return {};
  }
  const near = nearest(value, issue.values.map(String));
  return near === undefined ? {} : { hint: `did you mean ${near}?` };
}

const english = z.locales.en().localeError;

/** Whether the message is the schema author's own rather than zod's. */
function isAuthors(issue: Issue): boolean {
  if (issue.code === 'custom') {
    return true;
  }
  const standard = english({ ...issue, input: undefined });
  const text = typeof standard === 'string' ? standard : standard?.message;
  // zod's message of a wrong type ends in the type received, which is no longer known here.
  return text?.split(', received')[0] !== issue.message.split(', received')[0];
}

/** A value as it is shown in a message. */
export function shown(node: Entry['value']): string {
  switch (node.type) {
    case 'list':
      return node.items.length === 0 ? 'an empty list' : 'a list';
    case 'map':
      return 'a map';
    case 'scalar':
      return json(node.value);
  }
}

function json(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  ) as string | undefined;
  const line = text ?? String(value);
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}

function ofAllStages({ message, place, hint }: Problem): Problem {
  return { message, ...(place && { place }), ...(hint === undefined ? {} : { hint }) };
}

/** Sorted by place, each said once: instances of a matrix share the place of what is wrong with all of them. */
export function distinctProblems(problems: readonly Problem[]): Problem[] {
  const known = new Map<string, Problem>();
  for (const problem of problems) {
    const key = JSON.stringify([problem.place, problem.message]);
    const earlier = known.get(key);
    if (earlier === undefined) {
      known.set(key, problem);
    } else if (earlier.stage !== problem.stage) {
      known.set(key, ofAllStages(earlier));
    }
  }
  const order = (place: Place | undefined): number => (place?.line ?? 0) * 10_000 + (place?.column ?? 0);
  return [...known.values()].sort((a, b) => order(a.place) - order(b.place));
}
