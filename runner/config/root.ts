import { failure, success } from '../errors.ts';
import type { Problem, Result } from '../errors.ts';
import { issueProblems, pathText } from './issues.ts';
import type { Wording } from './issues.ts';
import { entriesOf, isNull, plain } from './located.ts';
import type { Entry, Located } from './located.ts';
import { profileOverride } from './overrides.ts';
import { fileKeys, fileShape, profileKeys, profileShape, stageKeys } from './shape.ts';
import { suggestion } from './suggest.ts';

/** The file's map of top-level keys. */
export function readRoot(root: Located | undefined, file: string): Result<Entry> {
  const place = { file };
  const hint = 'it needs at least stages: with one stage';
  if (root === undefined || isNull(root)) {
    return failure({ message: 'the file is empty', place, hint });
  }
  if (root.type !== 'map') {
    return failure({ message: 'the file must be a map of keys', place: root.place, hint });
  }
  return success({ key: place, value: root });
}

/** Checks the top level and every profile, chosen or not. The stages are checked once they are composed. */
export function checkRoot(root: Entry): Problem[] {
  const problems: Problem[] = [];
  const top = entriesOf(root.value);
  const parsed = fileShape.safeParse(plain(root.value));
  if (!parsed.success) {
    problems.push(...issueProblems(parsed.error.issues, root, wording('')));
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
      continue;
    }
    const base = parsed.data.extends;
    if (base !== undefined && !all.has(base)) {
      problems.push({
        message: `unknown profile ${base}`,
        place: entriesOf(profile.value).get('extends')!.value.place,
        hint: suggestion(base, [...all.keys()], 'profiles'),
      });
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
