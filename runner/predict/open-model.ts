import type { CacheEntry } from '../cache/entry.ts';
import { type Result, success } from '../errors.ts';
import { Lockfile } from '../record/lockfile.ts';
import type { Workspace } from '../workspace.ts';
import { type Chain, chainOf } from './chain.ts';
import { Lineage } from './lineage.ts';
import { chooseModel, trainedModels } from './models.ts';

/** A trained model of the last run, with all that it takes to apply it to new files. */
export interface OpenedModel {
  readonly stage: string;
  readonly entry: CacheEntry;
  readonly chain: Chain;
  readonly lineage: Lineage;
  /** Why this one. */
  readonly chosen: string;
}

/** Finds the model named, or the best of the last run, and follows it to where its rows come from. */
export async function openModel(
  workspace: Workspace,
  name: string | undefined,
): Promise<Result<OpenedModel>> {
  const last = Lockfile.read(workspace.lockfilePath);
  const models = await trainedModels(workspace, last);
  if (!models.ok) return models;
  const model = chooseModel(models.value, name);
  if (!model.ok) return model;
  const { stage, entry, testAccuracy } = model.value;
  const lineage = new Lineage(workspace.cache, last.keys());
  const chain = await chainOf(workspace, lineage, entry, stage);
  if (!chain.ok) return chain;
  const accuracy = testAccuracy === undefined ? '' : `, test accuracy ${(100 * testAccuracy).toFixed(1)} %`;
  const others = models.value.length - 1;
  const chosen =
    name === undefined && others > 0
      ? `${stage}, the best of ${others + 1} models${accuracy}`
      : `${stage}${accuracy}`;
  return success({ stage, entry, chain: chain.value, lineage, chosen });
}
