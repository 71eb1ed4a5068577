import type { Place, Problem } from '../errors.ts';
import { hasParam } from './has-param.ts';
import { variablesIn } from './interpolate.ts';
import { entriesOf } from './located.ts';
import type { Override } from './overrides.ts';
import type { Draft, Stage } from './stages.ts';
import { suggestion } from './suggest.ts';

/** What is wrong with a stage's params whatever their values. Nothing is said while a kind of it is not known. */
export function checkParams(stage: Stage, overrides: readonly Override[]): Problem[] {
  return stage.drafts.some((draft) => draft.uses === undefined)
    ? []
    : [...unknownParams(stage), ...unusedMatrixKeys(stage, overrides)];
}

/** Params in `with` that no kind of the stage has. */
function unknownParams({ name, node, drafts }: Stage): Problem[] {
  return Array.from(entriesOf(node.entries.get('with')?.value))
    .filter(([param]) => !drafts.some((draft) => hasParam(draft, param)))
    .map(([param, entry]) => unknownParam(name, drafts, param, entry.key));
}

/** A param that none of the instances has. */
export function unknownParam(stage: string, drafts: readonly Draft[], param: string, place: Place): Problem {
  const uses = drafts.map((draft) => draft.uses).filter((use) => use?.type === 'kind');
  const kinds = [...new Set(uses.map((use) => use.name))];
  const params = [...new Set(uses.flatMap((use) => Object.keys(use.kind.params.shape)))];
  const isOne = kinds.length === 1;
  return {
    message: isOne ? `${kinds[0]} has no param ${param}` : `no kind of ${stage} has a param ${param}`,
    place,
    hint: suggestion(param, params, `params of ${isOne ? kinds[0] : stage}`),
  };
}

/** A matrix key that nothing depends on makes equal instances: a slip. */
function unusedMatrixKeys({ name, node, drafts }: Stage, overrides: readonly Override[]): Problem[] {
  const matrix = node.entries.get('matrix');
  if (matrix === undefined) {
    return [];
  }
  const used = new Set<string>();
  for (const key of ['uses', 'run', 'shell', 'in', 'with', 'env', 'deps', 'outs']) {
    variablesIn(node.entries.get(key)?.value, used);
  }
  overrides.forEach((override) => variablesIn(override.entry.value, used));
  return Array.from(entriesOf(matrix.value))
    .filter(([key]) => !used.has(key) && !drafts.some((draft) => hasParam(draft, key)))
    .map(([key, entry]) => ({
      message: `matrix key ${key} of ${name} changes nothing`,
      place: entry.key,
      hint: `use \${${key}} in uses, in or with, or name it as a param of the kind`,
    }));
}
