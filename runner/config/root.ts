import { failure, success } from '../errors.ts';
import type { Problem, Result } from '../errors.ts';
import { pathText } from './expectation.ts';
import { issueProblems } from './issues.ts';
import type { Wording } from './issues.ts';
import { entriesOf, isNull, plain } from './located.ts';
import type { Entry, Located } from './located.ts';
import { profileOverride } from './overrides.ts';
import { fileKeys, fileShape, profileKeys, profileShape, stageKeys } from './shape.ts';
import { nearest, suggestion } from './suggest.ts';

const leastHint = 'it needs at least stages: with one stage';

/** The file's map of top-level keys. */
export function readRoot(root: Located | undefined, file: string): Result<Entry> {
  const place = { file };
  if (root === undefined || isNull(root)) {
    return failure({ message: 'the file is empty', place, hint: leastHint });
  }
  if (root.type !== 'map') {
    return failure({ message: 'the file must be a map of keys', place: root.place, hint: leastHint });
  }
  return success({ key: place, value: root });
}

/** Checks the top level and every profile, chosen or not. The stages are checked once they are composed. */
export function checkRoot(root: Entry): Problem[] {
  const problems: Problem[] = [];
  const top = entriesOf(root.value);
  const parsed = fileShape.safeParse(plain(root.value, 1));
  if (!parsed.success) {
    const issues = parsed.error.issues.filter(({ path }) => path[0] !== 'stages' || top.has('stages'));
    problems.push(...issueProblems(issues, root, wording('')));
  }
  const isMisspelt = [...top.keys()].some((key) => !fileKeys.includes(key) && nearest(key, ['stages']));
  if (!top.has('stages') && !isMisspelt) {
    problems.push({ message: 'stages is missing', place: root.key, hint: leastHint });
  }
  for (const [key, entry] of top) {
    if (!fileKeys.includes(key) && !key.startsWith('x-')) {
      problems.push({
        message: `unknown key ${key}`,
        place: entry.key,
        hint: suggestion(key, fileKeys, 'keys of the file'),
      });
    }
  }
  const stages = top.get('stages');
  if (stages?.value.type === 'map' && stages.value.entries.size === 0) {
    problems.push({ message: 'stages has no stage', place: stages.key });
  }
  return [...problems, ...checkProfiles(stages, top.get('profiles'))];
}

function wording(owner: string): Wording {
  return {
    name: (path) =>
      path.length === 0 ? owner.trim() : `${pathText(path)}${owner === '' ? '' : ` of ${owner}`}`,
    unknown: (key) => `unknown key ${key}`,
    known: () => [],
  };
}

function checkProfiles(stages: Entry | undefined, profiles: Entry | undefined): Problem[] {
  const all = entriesOf(profiles?.value);
  const overlays = Array.from(all.values(), (profile) =>
    entriesOf(entriesOf(profile.value).get('stages')?.value),
  );
  // A profile may concern stages that another one, which extends it or which it extends, adds.
  const known = new Set([
    ...entriesOf(stages?.value).keys(),
    ...overlays.flatMap((overlay) => [...overlay.keys()]),
  ]);
  const problems: Problem[] = [];
  for (const [name, profile] of all) {
    const parsed = profileShape.safeParse(plain(profile.value));
    if (!parsed.success) {
      problems.push(...issueProblems(parsed.error.issues, profile, wording(`profile ${name}`)));
    }
    const base = entriesOf(profile.value).get('extends')?.value;
    if (base?.type === 'scalar' && typeof base.value === 'string' && !all.has(base.value)) {
      const others = [...all.keys()].filter((other) => other !== name);
      const hint = suggestion(base.value, others, 'other profiles');
      problems.push({ message: `unknown profile ${base.value}`, place: base.place, hint });
    }
    for (const [key, entry] of entriesOf(profile.value)) {
      if (!profileKeys.includes(key)) {
        problems.push(...checkOverrideKey(name, key, entry, known));
      }
    }
  }
  return [...problems, ...overlays.flatMap(checkOverlay)];
}

function checkOverrideKey(
  profile: string,
  key: string,
  entry: Entry,
  stages: ReadonlySet<string>,
): Problem[] {
  const override = profileOverride(key, entry);
  if (override === undefined) {
    const hint = 'write stage.param: value, or parts of stages below stages:';
    return [{ message: `${key} in profile ${profile} is no stage.param`, place: entry.key, hint }];
  }
  const { stage } = override.target;
  if (stages.has(stage)) {
    return [];
  }
  return [
    { message: `unknown stage ${stage}`, place: entry.key, hint: suggestion(stage, [...stages], 'stages') },
  ];
}

function checkOverlay(overlay: ReadonlyMap<string, Entry>): Problem[] {
  return Array.from(overlay).flatMap(([stage, part]) =>
    Array.from(entriesOf(part.value))
      .filter(([key]) => !stageKeys.includes(key))
      .map(([key, entry]) => ({
        message: `${stage} has no key ${key}`,
        place: entry.key,
        hint: suggestion(key, stageKeys, 'keys of a stage'),
      })),
  );
}
