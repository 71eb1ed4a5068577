import { readFile } from 'node:fs/promises';
import type { CacheEntry } from '../cache/entry.ts';
import type { Kinds } from '../code/registry.ts';
import { matches, parseReference } from '../config/names.ts';
import { listed, suggestion } from '../config/suggest.ts';
import { failure, type Result, success } from '../errors.ts';
import { inputDigests } from '../fingerprint/parts.ts';
import type { Lockfile } from '../record/lockfile.ts';
import type { Workspace } from '../workspace.ts';
import { predictorFile } from './module.ts';

/** A trained stage of the last run that can predict. */
export interface TrainedModel {
  /** Its name now: the artifact may have been made under another. */
  readonly stage: string;
  readonly entry: CacheEntry;
  /** What an evaluation of this very model says, where there is one. */
  readonly judged: Judgement | undefined;
}

/** The figures of a model in `metrics.json`. */
export interface Judgement {
  /** On rows that were no test rows; undefined where there were none. */
  readonly validationAccuracy: number | undefined;
  readonly testAccuracy: number | undefined;
  /** Its place in the order of its evaluation, from 0. */
  readonly place: number;
}

/** The model that was taken, and by what: undefined where there was nothing to choose. */
export interface ChosenModel {
  readonly model: TrainedModel;
  readonly by: 'validationAccuracy' | 'testAccuracy' | undefined;
}

/** The trained stages of the last run, which `last` tells of; sorted by name. */
export async function trainedModels(workspace: Workspace, last: Lockfile): Promise<Result<TrainedModel[]>> {
  const entries = new Map<string, CacheEntry>();
  for (const stage of last.stages()) {
    const lookup = await workspace.cache.lookup(last.get(stage)!.key);
    if (lookup.type === 'hit') entries.set(stage, lookup.entry);
  }
  const judgements = await judgementsIn(workspace, entries);
  const models: TrainedModel[] = [];
  for (const [stage, entry] of entries) {
    if (await isPredictor(workspace.kinds, entry.kind)) {
      models.push({ stage, entry, judged: judgements.get(stage) });
    }
  }
  if (models.length > 0) return success(models.sort((a, b) => (a.stage < b.stage ? -1 : 1)));
  const message = last.stages().length === 0 ? 'nothing has run here yet' : 'no trained model is there';
  return failure({ message, hint: 'Train one first: pipeline run, or pipeline run --profile demo' });
}

async function isPredictor(kinds: Kinds, kind: string): Promise<boolean> {
  if ((await kinds.load(kind))?.type !== 'run') return false;
  return (await kinds.bundleOf(predictorFile(kind))) !== undefined;
}

/** The model that a name stands for, or without one the best. */
export function chooseModel(models: readonly TrainedModel[], name: string | undefined): Result<ChosenModel> {
  if (name === undefined) return bestOf(models);
  const reference = parseReference(name);
  const found = models.filter(({ stage }) => {
    const own = parseReference(stage)!;
    return stage === name || (own.stage === reference?.stage && matches(reference, own.values ?? []));
  });
  if (found.length === 1) return success({ model: found[0], by: undefined });
  if (found.length === 0) {
    const names = models.map(({ stage }) => stage);
    return failure({ message: `there is no trained model ${name}`, hint: suggestion(name, names, 'models') });
  }
  const hint = `Name one of ${listed(found.map(({ stage }) => stage))}.`;
  return failure({ message: `${name} stands for ${found.length} models`, hint });
}

/**
 * The best by validation accuracy, or by test accuracy where not all of the models that were evaluated have the former. Of
 * equal ones the first in the order of their evaluation, which breaks ties by further figures.
 */
function bestOf(models: readonly TrainedModel[]): Result<ChosenModel> {
  if (models.length === 1) return success({ model: models[0], by: undefined });
  const judged = models.flatMap((model) => (model.judged === undefined ? [] : [{ model, ...model.judged }]));
  const by = judged.every(({ validationAccuracy }) => validationAccuracy !== undefined)
    ? 'validationAccuracy'
    : 'testAccuracy';
  const [best] = judged
    .filter((each) => each[by] !== undefined)
    .sort((a, b) => b[by]! - a[by]! || a.place - b.place);
  if (best !== undefined) return success({ model: best.model, by });
  const names = listed(models.map(({ stage }) => stage));
  const hint = `Name one with --model, of ${names}; or run the evaluation first: pipeline run`;
  return failure({ message: 'which of the models is best is not known: none has been evaluated', hint });
}

interface JudgedResult {
  readonly stage?: unknown;
  readonly validationAccuracy?: unknown;
  readonly testAccuracy?: unknown;
}

interface Metrics {
  readonly results?: readonly JudgedResult[];
  readonly choice?: { readonly order?: readonly unknown[] };
}

/** What every `metrics.json` says, by stage; only of models that are still the ones that were judged. */
async function judgementsIn(
  workspace: Workspace,
  entries: ReadonlyMap<string, CacheEntry>,
): Promise<ReadonlyMap<string, Judgement>> {
  const judgements = new Map<string, Judgement>();
  for (const { manifest, fingerprint } of entries.values()) {
    const file = manifest.files.find(({ name }) => name === 'metrics.json');
    if (file === undefined) continue;
    const { results = [], choice } = JSON.parse(
      await readFile(workspace.cache.path(file.sha256), 'utf8'),
    ) as Metrics;
    const inputs = new Set(Object.values(inputDigests(fingerprint)).flat());
    const order = choice?.order ?? results.map(({ stage }) => stage);
    for (const { stage, ...figures } of results) {
      if (typeof stage !== 'string' || !inputs.has(entries.get(stage)?.manifest.digest ?? '')) continue;
      const [validationAccuracy, testAccuracy] = [figures.validationAccuracy, figures.testAccuracy].map(
        (value) => (typeof value === 'number' ? value : undefined),
      );
      if (validationAccuracy === undefined && testAccuracy === undefined) continue;
      judgements.set(stage, { validationAccuracy, testAccuracy, place: order.indexOf(stage) });
    }
  }
  return judgements;
}
