import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { interpolate, variablesIn } from './interpolate.ts';
import type { OnUnknown } from './interpolate.ts';
import { issueProblems } from './issues.ts';
import type { Wording } from './issues.ts';
import { entriesOf, isNull, locatedFrom, nodeAt, plain, withEntry, withValueAt } from './located.ts';
import type { Entry, LocatedMap } from './located.ts';
import { matches } from './names.ts';
import type { Override } from './overrides.ts';
import type { Draft, Stage } from './stages.ts';
import { suggestion } from './suggest.ts';
import { unknownVariable } from './uses.ts';

/** Whether the draft's kind, or its command, has a param of this name. */
export function hasParam(draft: Draft, name: string): boolean {
  if (draft.uses?.type !== 'kind') {
    return draft.uses?.type === 'command';
  }
  const { params } = draft.uses.kind;
  return Object.hasOwn(params.shape, name) || acceptsAny(params);
}

function acceptsAny(params: z.ZodObject): boolean {
  const { catchall } = params.def;
  return catchall !== undefined && catchall._zod.def.type !== 'never';
}

/**
 * Gives each instance its params: the matrix's values that the kind has as params, then `with`, then the overrides
 * in order. In a stage of several kinds, each param reaches the instances whose kind has it.
 */
export function resolveParams(stage: Stage, overrides: readonly Override[], problems: Problem[]): void {
  const given = stage.node.entries.get('with');
  const onUnknown = unknownVariable(stage, problems);
  reportUnknownParams(stage, given, problems);
  reportUnusedMatrixKeys(stage, overrides, problems);
  for (const draft of stage.drafts) {
    if (draft.uses === undefined) {
      continue;
    }
    const raw = rawParams(stage, draft, overrides, onUnknown, problems);
    const entry = { key: given?.key ?? stage.place, value: raw };
    const parsed = parseParams(draft, entry, stage);
    if (parsed.params !== undefined) {
      draft.params = parsed.params;
    }
    problems.push(...parsed.problems.map((problem) => ({ ...problem, stage: draft.name })));
  }
}

function rawParams(
  stage: Stage,
  draft: Draft,
  overrides: readonly Override[],
  onUnknown: OnUnknown,
  problems: Problem[],
): LocatedMap {
  const given = stage.node.entries.get('with');
  const entries = new Map<string, Entry>();
  for (const [key, value] of draft.bindings) {
    if (hasParam(draft, key)) {
      entries.set(key, { key: value.place, value });
    }
  }
  for (const [key, entry] of entriesOf(given?.value)) {
    if (hasParam(draft, key)) {
      entries.set(key, { ...entry, value: interpolate(entry.value, draft.bindings, onUnknown) });
    }
  }
  let raw: LocatedMap = { type: 'map', entries, place: given?.value.place ?? stage.place };
  for (const { target, path, entry } of overrides) {
    if (!matches(target, draft.values) || !hasParam(draft, path[0])) {
      continue;
    }
    const base = path.length > 1 ? withDefault(raw, draft, path[0], entry) : raw;
    const value = interpolate(entry.value, draft.bindings, onUnknown);
    const changed = withValueAt(base, path, { ...entry, value });
    if (changed === undefined) {
      problems.push({
        message: `${path.slice(0, -1).join('.')} of ${stage.name} is no map`,
        place: entry.key,
      });
    } else {
      raw = changed;
    }
  }
  return raw;
}

/** A param not given starts from its default, so that setting a part of it keeps the rest. */
function withDefault(raw: LocatedMap, draft: Draft, name: string, entry: Entry): LocatedMap {
  const shape = draft.uses?.type === 'kind' ? shapeOf(draft.uses.kind.params) : undefined;
  const schema = shape?.[name];
  if (raw.entries.has(name) || schema === undefined) {
    return raw;
  }
  const parsed = schema.safeParse(undefined);
  const value = parsed.success ? locatedFrom(parsed.data, entry.key) : undefined;
  return value?.type === 'map' ? withEntry(raw, name, { key: entry.key, value }) : raw;
}

/** Validates the params. With `when` they count as left out while that param is null. */
function parseParams(
  draft: Draft,
  entry: Entry & { readonly value: LocatedMap },
  stage: Stage,
): { params?: Record<string, unknown>; problems: Problem[] } {
  const { when } = stage.shape;
  if (draft.uses?.type !== 'kind') {
    const params = plain(entry.value) as Record<string, unknown>;
    leaveOut(draft, when, params);
    return { params, problems: [] };
  }
  const { kind } = draft.uses;
  if (when !== undefined && !hasParam(draft, when)) {
    const hint = suggestion(when, Object.keys(kind.params.shape), `params of ${kind.name}`);
    const place = stage.node.entries.get('when')!.value.place;
    return { problems: [{ message: `${kind.name} has no param ${when}`, place, hint }] };
  }
  const parsed = parseTyped(kind.params, entry);
  if (parsed.success) {
    leaveOut(draft, when, parsed.data);
    return { params: parsed.data, problems: [] };
  }
  let { issues } = parsed.error;
  if (
    when !== undefined &&
    (!entry.value.entries.has(when) || isNull(entry.value.entries.get(when)?.value))
  ) {
    draft.leftOut = `param ${when} is null`;
    issues = issues.filter((issue) => issue.path[0] !== when);
  }
  return { params: {}, problems: issueProblems(issues, entry, paramWording(kind.name, kind.params)) };
}

function leaveOut(draft: Draft, when: string | undefined, params: Readonly<Record<string, unknown>>): void {
  if (when !== undefined && (params[when] === null || params[when] === undefined)) {
    draft.leftOut = `param ${when} is null`;
  }
}

/** Parses, and where a value typed on the command line fails as a number or the like, tries it as the text it was. */
function parseTyped(
  schema: z.ZodObject,
  entry: Entry & { readonly value: LocatedMap },
): z.ZodSafeParseResult<Record<string, unknown>> {
  const first = schema.safeParse(plain(entry.value));
  if (first.success) {
    return first;
  }
  let retyped = entry.value;
  for (const { path } of first.error.issues) {
    const node = nodeAt(entry.value, path);
    if (
      node?.type === 'scalar' &&
      node.typed !== undefined &&
      typeof node.value !== 'string' &&
      node.value !== null
    ) {
      const value = { ...node, value: node.typed };
      retyped = withValueAt(retyped, path.map(String), { key: node.place, value }) ?? retyped;
    }
  }
  const second = retyped === entry.value ? first : schema.safeParse(plain(retyped));
  return second.success ? second : first;
}

function paramWording(kind: string, schema: z.ZodObject): Wording {
  return {
    name: (path) => (path.length === 0 ? `params of ${kind}` : `param ${path.map(String).join('.')}`),
    unknown: (key, path) =>
      path.length === 0
        ? `${kind} has no param ${key}`
        : `param ${path.map(String).join('.')} of ${kind} has no key ${key}`,
    known: (path) => keysAt(schema, path),
  };
}

/** The keys of the object schema at a path, through defaults and the like. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current = unwrap(schema);
  for (const step of path) {
    const inner = shapeOf(current)?.[String(step)];
    if (inner === undefined) {
      return [];
    }
    current = unwrap(inner);
  }
  return Object.keys(shapeOf(current) ?? {});
}

function shapeOf(schema: z.ZodType): Record<string, z.ZodType> | undefined {
  return schema.type === 'object' ? (schema as z.ZodObject<Record<string, z.ZodType>>).shape : undefined;
}

function unwrap(schema: z.ZodType): z.ZodType {
  const { innerType } = schema.def as { innerType?: z.ZodType };
  return innerType === undefined ? schema : unwrap(innerType);
}

/** Params in `with` that no kind of the stage has. Silent while a kind of the stage is not known. */
function reportUnknownParams(stage: Stage, given: Entry | undefined, problems: Problem[]): void {
  if (stage.drafts.some((draft) => draft.uses === undefined)) {
    return;
  }
  for (const [name, entry] of entriesOf(given?.value)) {
    if (!stage.drafts.some((draft) => hasParam(draft, name))) {
      problems.push(unknownParam(stage, name, entry));
    }
  }
}

export function unknownParam(stage: Stage, name: string, entry: Entry): Problem {
  const uses = stage.drafts.map((draft) => draft.uses).filter((use) => use?.type === 'kind');
  const kinds = [...new Set(uses.map((use) => use.name))];
  const params = [...new Set(uses.flatMap((use) => Object.keys(use.kind.params.shape)))];
  const message =
    kinds.length === 1 ? `${kinds[0]} has no param ${name}` : `no kind of ${stage.name} has a param ${name}`;
  const hint = suggestion(name, params, `params of ${kinds.length === 1 ? kinds[0] : stage.name}`);
  return { message, place: entry.key, hint };
}

/** A matrix key that nothing depends on makes equal instances: a slip. */
function reportUnusedMatrixKeys(stage: Stage, overrides: readonly Override[], problems: Problem[]): void {
  if (stage.keys.length === 0 || stage.drafts.some((draft) => draft.uses === undefined)) {
    return;
  }
  const used = new Set<string>();
  for (const key of ['uses', 'run', 'in', 'with', 'deps', 'outs']) {
    variablesIn(stage.node.entries.get(key)?.value, used);
  }
  overrides.forEach((override) => variablesIn(override.entry.value, used));
  for (const [key, entry] of entriesOf(stage.node.entries.get('matrix')?.value)) {
    if (!used.has(key) && !stage.drafts.some((draft) => hasParam(draft, key))) {
      problems.push({
        message: `matrix key ${key} of ${stage.name} changes nothing`,
        place: entry.key,
        hint: `use \${${key}} in uses, in or with, or name it as a param of the kind`,
      });
    }
  }
}
