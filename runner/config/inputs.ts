import type { Place, Problem } from '../errors.ts';
import type { Arity, Kind } from '../kind/index.ts';
import { interpolate } from './interpolate.ts';
import { entriesOf } from './located.ts';
import type { Located } from './located.ts';
import { matches, parseReference } from './names.ts';
import { unknownInstance } from './stages.ts';
import type { Draft, Stage, Stages } from './stages.ts';
import { listed, nearest, suggestion } from './suggest.ts';
import { unknownVariable } from './uses.ts';

/** The inputs a kind takes. A source reads external files, or those of a stage given as `files`. */
export function inputsOf(kind: Kind): Readonly<Record<string, Arity>> {
  switch (kind.type) {
    case 'source':
      return { files: 'optional' };
    case 'row':
      return { [kind.input]: 'one' };
    case 'run':
      return kind.inputs;
  }
}

/** Finds the instances that each instance of a stage takes in. */
export function resolveInputs(stage: Stage, stages: Stages, problems: Problem[]): void {
  const given = stage.node.entries.get('in');
  const entries = entriesOf(given?.value);
  const onUnknown = unknownVariable(stage, problems);
  reportUnknownInputs(stage, problems);
  for (const draft of stage.drafts) {
    if (draft.uses === undefined) {
      continue;
    }
    const kind = draft.uses.type === 'kind' ? draft.uses.kind : undefined;
    const arities = kind && new Map(Object.entries(inputsOf(kind)));
    const inputs: Record<string, readonly string[]> = {};
    for (const [name, entry] of entries) {
      const arity = arities === undefined ? commandArity(entry.value) : arities.get(name);
      if (arity === undefined) {
        continue;
      }
      const value = interpolate(entry.value, draft.bindings, onUnknown);
      const found = findInstances(value, stages, problems);
      if (found !== undefined) {
        problems.push(...checkArity(name, arity, found, value, draft));
        inputs[name] = found;
      }
    }
    for (const [name, arity] of arities ?? []) {
      // A misspelt input is one error, not two.
      const isMisspelt = Array.from(entries.keys()).some(
        (given) => !arities?.has(given) && nearest(given, [name]),
      );
      if (!entries.has(name) && arity !== 'optional' && !isMisspelt) {
        problems.push({
          message: `${kind!.name} needs an input ${name}`,
          place: given?.key ?? stage.place,
          hint: `add in: {${name}: STAGE}`,
          stage: draft.name,
        });
      }
    }
    draft.inputs = inputs;
  }
}

/** A command takes whatever it is given; one stage named alone is meant as one. */
function commandArity(node: Located): Arity {
  return node.type === 'list' || (node.type === 'scalar' && String(node.value).includes('*'))
    ? 'many'
    : 'one';
}

/** Inputs that no kind of the stage has. Silent while a kind of the stage is not known. */
function reportUnknownInputs(stage: Stage, problems: Problem[]): void {
  const kinds = stage.drafts.map((draft) => (draft.uses?.type === 'kind' ? draft.uses.kind : undefined));
  if (kinds.includes(undefined)) {
    return;
  }
  const names = [...new Set(kinds.flatMap((kind) => Object.keys(inputsOf(kind!))))];
  const kindNames = [...new Set(kinds.map((kind) => kind!.name))];
  for (const [name, entry] of entriesOf(stage.node.entries.get('in')?.value)) {
    if (!names.includes(name)) {
      const message =
        kindNames.length === 1
          ? `${kindNames[0]} has no input ${name}`
          : `no kind of ${stage.name} has an input ${name}`;
      const hint = suggestion(name, names, `inputs of ${kindNames.length === 1 ? kindNames[0] : stage.name}`);
      problems.push({ message, place: entry.key, hint });
    }
  }
}

/** Undefined where a reference is wrong, or names a stage that is itself broken. */
function findInstances(node: Located, stages: Stages, problems: Problem[]): string[] | undefined {
  const items = node.type === 'list' ? node.items : [node];
  const found = items.map((item) =>
    item.type === 'scalar' ? findReferenced(String(item.value), item.place, stages, problems) : undefined,
  );
  return found.includes(undefined) ? undefined : [...new Set(found.flatMap((names) => names!))];
}

function findReferenced(
  text: string,
  place: Place,
  stages: Stages,
  problems: Problem[],
): string[] | undefined {
  if (text.includes('${')) {
    return undefined;
  }
  const reference = parseReference(text);
  if (reference === undefined) {
    const hint = 'write a stage, an instance as in audio[48000], or all of them as in train[*]';
    problems.push({ message: `${text === '' ? 'an empty text' : text} names no stage`, place, hint });
    return undefined;
  }
  const stage = stages.sound.get(reference.stage);
  if (stage === undefined) {
    if (!stages.broken.has(reference.stage)) {
      const hint = stages.removed.has(reference.stage)
        ? `the profile removes ${reference.stage}`
        : suggestion(reference.stage, [...stages.sound.keys(), ...stages.broken], 'stages');
      problems.push({ message: `unknown stage ${reference.stage}`, place, hint });
    }
    return undefined;
  }
  const drafts = stage.drafts.filter((draft) => matches(reference, draft.values));
  if (drafts.length === 0) {
    problems.push(unknownInstance(stage, text, place));
    return undefined;
  }
  return drafts.map((draft) => draft.name);
}

function checkArity(
  name: string,
  arity: Arity,
  found: readonly string[],
  value: Located,
  draft: Draft,
): Problem[] {
  const owner = draft.uses?.type === 'kind' ? draft.uses.name : 'the command';
  if (arity === 'many') {
    return found.length > 0
      ? []
      : [
          {
            message: `input ${name} of ${owner} needs at least one artifact`,
            place: value.place,
            stage: draft.name,
          },
        ];
  }
  if (found.length === 1) {
    return [];
  }
  const given =
    value.type === 'scalar'
      ? `${String(value.value)} has ${found.length} instances`
      : found.length === 0
        ? 'none is given'
        : `${found.length} are given`;
  return [
    {
      message: `input ${name} of ${owner} takes one artifact, but ${given}`,
      place: value.place,
      stage: draft.name,
      ...(found.length === 0 ? {} : { hint: `name one of them: ${listed(found)}` }),
    },
  ];
}
