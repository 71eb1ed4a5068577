import type { Problem } from '../errors.ts';
import { withValueAt } from './located.ts';
import type { Entry } from './located.ts';
import { instanceName, matches } from './names.ts';
import type { Override } from './overrides.ts';
import { unknownParam } from './check-params.ts';
import { hasParam } from './has-param.ts';
import { parseDuration, parseMemory } from './quantities.ts';
import type { Resources, StageInstance } from './pipeline.ts';
import { stageKeys } from './shape.ts';
import { checkShape, unknownInstance } from './stages.ts';
import type { Draft, Stage } from './stages.ts';

/** What of a stage concerns how it runs. An override reaches these where no kind of the stage has such a param. */
const settingKeys: readonly string[] = ['resources', 'timeout', 'retries', 'rowErrors'];

export type Settings = Pick<StageInstance, 'resources' | 'timeoutSeconds' | 'retries' | 'rowErrors'>;

export interface SortedOverrides {
  readonly params: readonly Override[];
  readonly settings: readonly Override[];
}

/** Parts a stage's overrides into those of params and those of settings, and reports the ones that reach nothing. */
export function sortOverrides(
  stage: Stage,
  overrides: readonly Override[],
  problems: Problem[],
): SortedOverrides {
  const params: Override[] = [];
  const settings: Override[] = [];
  for (const override of overrides) {
    const { target, path, entry } = override;
    const name = path[0];
    const reached = stage.drafts.filter((draft) => matches(target, draft.values));
    if (reached.length === 0) {
      problems.push(unknownInstance(stage, instanceName(target.stage, target.values ?? []), entry.key));
    } else if (stage.keys.includes(name) && reached.some((draft) => hasParam(draft, name))) {
      problems.push({
        message: `${name} of ${stage.name} comes from its matrix`,
        place: entry.key,
        hint: `set the values of ${stage.name}.matrix.${name}`,
      });
    } else if (isSetting(stage, reached, name)) {
      settings.push(override);
    } else if (reached.some((draft) => draft.uses === undefined || hasParam(draft, name))) {
      params.push(override);
    } else {
      problems.push(
        stageKeyProblem(stage, name, entry) ?? unknownParam(stage.name, reached, name, entry.key),
      );
    }
  }
  return { params, settings };
}

/** Keys of a stage other than params and settings are changed below `stages:` of a profile. */
function stageKeyProblem(stage: Stage, name: string, entry: Entry): Problem | undefined {
  if (!stageKeys.includes(name)) {
    return undefined;
  }
  const hint = name === 'with' ? `write ${stage.name}.PARAM` : 'a profile can change it below stages:';
  return { message: `${name} is no param of ${stage.name} but a key of the stage`, place: entry.key, hint };
}

function isSetting(stage: Stage, reached: readonly Draft[], name: string): boolean {
  if (!settingKeys.includes(name)) {
    return false;
  }
  // A command has any param, so only one that is written counts before the setting.
  const declared = stage.node.entries.get('with')?.value;
  const isDeclared = declared?.type === 'map' && declared.entries.has(name);
  return !reached.some((draft) => (draft.uses?.type === 'kind' ? hasParam(draft, name) : isDeclared));
}

/** How the instance runs: the yaml's and overrides' settings, then what its kind asks for. */
export function settingsOf(
  stage: Stage,
  draft: Draft,
  overrides: readonly Override[],
  problems: Problem[],
): Settings {
  const shape = overriddenShape(stage, draft, overrides, problems);
  const kind = draft.uses?.type === 'kind' ? draft.uses.kind : undefined;
  const memory = shape.resources?.memory ?? kind?.resources?.memory;
  const bytes = memory === undefined ? undefined : parseMemory(memory);
  const timeoutSeconds = shape.timeout === undefined ? undefined : parseDuration(shape.timeout);
  const cpus = shape.resources?.cpus ?? kind?.resources?.cpus ?? 1;
  const gpus = shape.resources?.gpus;
  const resources: Resources = {
    cpus,
    ...(bytes === undefined ? {} : { memory: bytes }),
    ...(gpus === undefined ? {} : { gpus }),
  };
  return {
    resources,
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    retries: shape.retries ?? 0,
    rowErrors: shape.rowErrors ?? 'fail',
  };
}

function overriddenShape(
  stage: Stage,
  draft: Draft,
  overrides: readonly Override[],
  problems: Problem[],
): Stage['shape'] {
  const reaching = overrides.filter(({ target }) => matches(target, draft.values));
  if (reaching.length === 0) {
    return stage.shape;
  }
  let node = stage.node;
  for (const { path, entry } of reaching) {
    node = withValueAt(node, path, entry) ?? node;
  }
  const shape = checkShape(stage.name, { key: stage.place, value: node });
  if (!shape.ok) {
    problems.push(...shape.problems);
    return stage.shape;
  }
  return shape.value;
}
