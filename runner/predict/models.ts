import { readFile } from 'node:fs/promises';
import type { CacheEntry } from '../cache/entry.ts';
import type { Kinds } from '../code/registry.ts';
import { matches, parseReference } from '../config/names.ts';
import { listed, suggestion } from '../config/suggest.ts';
import { failure, type Result, success } from '../errors.ts';
import type { Lockfile } from '../record/lockfile.ts';
import type { Workspace } from '../workspace.ts';
import { predictorFile } from './module.ts';

/** A trained stage of the last run that can predict. */
export interface TrainedModel {
  /** Its name now: the artifact may have been made under another. */
  readonly stage: string;
  readonly entry: CacheEntry;
  /** Its accuracy on test rows, where an evaluation of this very model is there. */
  readonly testAccuracy: number | undefined;
}

/** The trained stages of the last run, which `last` tells of; sorted by name. */
export async function trainedModels(workspace: Workspace, last: Lockfile): Promise<Result<TrainedModel[]>> {
  const entries = new Map<string, CacheEntry>();
  for (const stage of last.stages()) {
    const lookup = await workspace.cache.lookup(last.get(stage)!.key);
    if (lookup.type === 'hit') entries.set(stage, lookup.entry);
  }
  const accuracies = await accuraciesIn(workspace, entries);
  const models: TrainedModel[] = [];
  for (const [stage, entry] of entries) {
    if (await isPredictor(workspace.kinds, entry.kind)) {
      models.push({ stage, entry, testAccuracy: accuracies.get(stage) });
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

/** The model that a name stands for, or without one the best by test accuracy. */
export function chooseModel(models: readonly TrainedModel[], name: string | undefined): Result<TrainedModel> {
  if (name === undefined) return bestOf(models);
  const reference = parseReference(name);
  const found = models.filter(({ stage }) => {
    const own = parseReference(stage)!;
    return stage === name || (own.stage === reference?.stage && matches(reference, own.values ?? []));
  });
  if (found.length === 1) return success(found[0]);
  if (found.length === 0) {
    const names = models.map(({ stage }) => stage);
    return failure({ message: `there is no trained model ${name}`, hint: suggestion(name, names, 'models') });
  }
  const hint = `Name one of ${listed(found.map(({ stage }) => stage))}.`;
  return failure({ message: `${name} stands for ${found.length} models`, hint });
}

function bestOf(models: readonly TrainedModel[]): Result<TrainedModel> {
  if (models.length === 1) return success(models[0]);
  const judged = models.filter(({ testAccuracy }) => testAccuracy !== undefined);
  if (judged.length > 0) {
    return success(judged.reduce((best, model) => (model.testAccuracy! > best.testAccuracy! ? model : best)));
  }
  const names = listed(models.map(({ stage }) => stage));
  const hint = `Name one with --model, of ${names}; or run the evaluation first: pipeline run`;
  return failure({ message: 'which of the models is best is not known: none has been evaluated', hint });
}

interface Judged {
  readonly stage?: unknown;
  readonly testAccuracy?: unknown;
}

/** Test accuracies by stage, out of every `metrics.json`; only of models that are still the ones that were judged. */
async function accuraciesIn(
  workspace: Workspace,
  entries: ReadonlyMap<string, CacheEntry>,
): Promise<ReadonlyMap<string, number>> {
  const accuracies = new Map<string, number>();
  for (const { manifest, fingerprint } of entries.values()) {
    const file = manifest.files.find(({ name }) => name === 'metrics.json');
    if (file === undefined) continue;
    const metrics = JSON.parse(await readFile(workspace.cache.path(file.sha256), 'utf8')) as {
      readonly results?: readonly Judged[];
    };
    const inputs = new Set(
      Object.entries(fingerprint).flatMap(([part, value]) =>
        part.startsWith('inputs.') ? [value.slice(value.lastIndexOf('@') + 1)] : [],
      ),
    );
    for (const { stage, testAccuracy } of metrics.results ?? []) {
      if (typeof stage !== 'string' || typeof testAccuracy !== 'number') continue;
      if (inputs.has(entries.get(stage)?.manifest.digest ?? '')) accuracies.set(stage, testAccuracy);
    }
  }
  return accuracies;
}
