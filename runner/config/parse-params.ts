import type { z } from 'zod';
import type { Place, Problem } from '../errors.ts';
import type { Kind } from '../kind/index.ts';
import { pathText } from './expectation.ts';
import { issueProblems } from './issues.ts';
import type { Wording } from './issues.ts';
import { type ForeignValue, foreignValue, withoutUndefined } from './json-value.ts';
import { isNull, nodeAt, placeAt, plain, withValueAt } from './located.ts';
import type { Located, LocatedMap } from './located.ts';

/** Params as written, and the place that stands for those that are not. */
export interface RawParams {
  readonly key: Place;
  readonly value: LocatedMap;
}

export interface ParsedParams {
  /** Validated, with defaults. */
  readonly params: Record<string, unknown>;
  readonly problems: Problem[];
  /** Why the instance is left out, where `when` says so. */
  readonly leftOut: string | undefined;
}

/**
 * Validates the params of a kind. While the param that `when` names is null the instance is left out, and that
 * the kind would not take null is no problem.
 */
export function parseParams(kind: Kind, raw: RawParams, when: string | undefined): ParsedParams {
  const parsed = parseTyped(kind.params, raw.value);
  if (parsed.success) {
    const params = withoutUndefined(parsed.data) as Record<string, unknown>;
    const foreign = foreignValue(params);
    const problems = foreign === undefined ? [] : [notJson(kind, raw, foreign)];
    return { params, problems, leftOut: leftOutReason(when, params) };
  }
  const isLeftOut = when !== undefined && isNotGiven(raw.value.entries.get(when)?.value);
  const issues = parsed.issues.filter((issue) => !(isLeftOut && issue.path[0] === when));
  return {
    params: {},
    problems: issueProblems(issues, raw, wording(kind)),
    leftOut: isLeftOut ? nullReason(when) : undefined,
  };
}

/** A key, a command and another machine are told of params as JSON. */
function notJson({ name }: Kind, raw: RawParams, { path, name: what }: ForeignValue): Problem {
  return {
    message: `param ${pathText(path)} of ${name} becomes ${what}, which JSON cannot say`,
    place: placeAt(raw, path),
    hint: `let the schema of ${name} give text, numbers, lists or maps, and its code make of these what it needs`,
  };
}

function isNotGiven(node: Located | undefined): boolean {
  return node === undefined || isNull(node);
}

/** Why an instance with these params is left out, if it is. */
export function leftOutReason(
  when: string | undefined,
  params: Readonly<Record<string, unknown>>,
): string | undefined {
  return when !== undefined && (params[when] === null || params[when] === undefined)
    ? nullReason(when)
    : undefined;
}

function nullReason(param: string): string {
  return `param ${param} is null`;
}

type Parsed =
  | { readonly success: true; readonly data: Record<string, unknown> }
  | { readonly success: false; readonly issues: readonly z.core.$ZodIssue[] };

/** Parses; where a value typed on the command line fails as a number or the like, tries it as the text it was. */
function parseTyped(schema: z.ZodObject, raw: LocatedMap): Parsed {
  const first = schema.safeParse(plain(raw));
  if (first.success) {
    return first;
  }
  let asText = raw;
  for (const { path } of first.error.issues) {
    const node = nodeAt(raw, path);
    // The word null is null; nothing after the equals sign may be empty text.
    if (node?.type === 'scalar' && node.typed !== undefined && (node.value !== null || node.typed === '')) {
      const text = { ...node, value: node.typed };
      asText = withValueAt(asText, path.map(String), { key: node.place, value: text }) ?? asText;
    }
  }
  const second = asText === raw ? first : schema.safeParse(plain(asText));
  if (second.success) {
    return second;
  }
  // What is right as text is no problem, and what is wrong either way is said of the value as it reads.
  const wrong = new Set(second.error.issues.map(({ path }) => pathText(path)));
  return { success: false, issues: first.error.issues.filter(({ path }) => wrong.has(pathText(path))) };
}

function wording(kind: Kind): Wording {
  return {
    name: (path) => (path.length === 0 ? `params of ${kind.name}` : `param ${pathText(path)}`),
    unknown: (key, path) =>
      path.length === 0
        ? `${kind.name} has no param ${key}`
        : `param ${pathText(path)} of ${kind.name} has no key ${key}`,
    known: (path) => keysAt(kind.params, path),
  };
}

/** The keys of the object schema at a path, through defaults and the like. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const found = path.reduce<z.ZodType | undefined>(
    (current, step) => current && unwrap(shapeOf(current)?.[String(step)]),
    schema,
  );
  return found === undefined ? [] : Object.keys(shapeOf(found) ?? {});
}

function shapeOf(schema: z.ZodType): Partial<Record<string, z.ZodType>> | undefined {
  return schema.type === 'object' ? (schema as z.ZodObject<Record<string, z.ZodType>>).shape : undefined;
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  const inner = schema === undefined ? undefined : (schema.def as { innerType?: z.ZodType }).innerType;
  return inner === undefined ? schema : unwrap(inner);
}
