import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { checkParams } from './check-params.ts';
import { hasParam } from './has-param.ts';
import { interpolate } from './interpolate.ts';
import type { OnUnknown } from './interpolate.ts';
import { entriesOf, locatedFrom, plain, withEntry, withValueAt } from './located.ts';
import type { Entry, LocatedMap } from './located.ts';
import { matches } from './names.ts';
import type { Override } from './overrides.ts';
import { leftOutReason, parseParams } from './parse-params.ts';
import type { Draft, Stage } from './stages.ts';
import { suggestion } from './suggest.ts';
import { unknownVariable } from './uses.ts';

/**
 * Gives each instance its params: the matrix's values that the kind has as params, then `with`, then the overrides
 * in order. In a stage of several kinds, each param reaches the instances whose kind has it.
 */
export function resolveParams(stage: Stage, overrides: readonly Override[], problems: Problem[]): void {
  problems.push(...checkParams(stage, overrides));
  for (const draft of stage.drafts) {
    if (draft.uses === undefined) {
      continue;
    }
    const { when } = stage.shape;
    let hasUnknown = false;
    const report = unknownVariable(stage, problems);
    const onUnknown: OnUnknown = (name, place) => {
      hasUnknown = true;
      report(name, place);
    };
    const raw = rawParams(stage, draft, overrides, onUnknown, problems);
    if (draft.uses.type === 'command') {
      if (when !== undefined && !raw.entries.has(when)) {
        problems.push(unknownWhen(stage, stage.name, [...raw.entries.keys()]));
      }
      draft.params = plain(raw) as Record<string, unknown>;
      draft.leftOut = leftOutReason(when, draft.params);
    } else if (when !== undefined && !hasParam(draft, when)) {
      problems.push(unknownWhen(stage, draft.uses.name, Object.keys(draft.uses.kind.params.shape)));
    } else if (!hasUnknown) {
      // Where a `${name}` is unknown, what is wrong with the value follows from that.
      const key = stage.node.entries.get('with')?.key ?? stage.place;
      const parsed = parseParams(draft.uses.kind, { key, value: raw }, when);
      draft.params = parsed.params;
      draft.leftOut = parsed.leftOut;
      problems.push(...parsed.problems.map((problem) => ({ ...problem, stage: draft.name })));
    }
  }
}

function unknownWhen(stage: Stage, owner: string, params: readonly string[]): Problem {
  const when = stage.node.entries.get('when')!.value;
  const name = String(plain(when));
  return {
    message: `${owner} has no param ${name}`,
    place: when.place,
    hint: suggestion(name, params, `params of ${owner}`),
  };
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
  const written: LocatedMap = { type: 'map', entries, place: given?.value.place ?? stage.place };
  return overrides
    .filter(({ target, path }) => matches(target, draft.values) && hasParam(draft, path[0]))
    .reduce((raw, override) => withOverride(raw, override, stage, draft, onUnknown, problems), written);
}

function withOverride(
  raw: LocatedMap,
  { path, entry }: Override,
  stage: Stage,
  draft: Draft,
  onUnknown: OnUnknown,
  problems: Problem[],
): LocatedMap {
  const base = path.length > 1 ? withDefault(raw, draft, path[0], entry) : raw;
  const value = interpolate(entry.value, draft.bindings, onUnknown);
  const changed = withValueAt(base, path, { ...entry, value });
  if (changed === undefined) {
    problems.push({ message: `${path.slice(0, -1).join('.')} of ${stage.name} is no map`, place: entry.key });
  }
  return changed ?? raw;
}

/** A param not given starts from its default, so that setting a part of it keeps the rest. */
function withDefault(raw: LocatedMap, { uses }: Draft, name: string, entry: Entry): LocatedMap {
  const shape: Partial<Record<string, z.core.$ZodType>> = uses?.type === 'kind' ? uses.kind.params.shape : {};
  const schema = shape[name] as z.ZodType | undefined;
  if (raw.entries.has(name) || schema === undefined) {
    return raw;
  }
  const parsed = schema.safeParse(undefined);
  const value = parsed.success ? locatedFrom(parsed.data, entry.key) : undefined;
  return value === undefined ? raw : withEntry(raw, name, { key: entry.key, value });
}
