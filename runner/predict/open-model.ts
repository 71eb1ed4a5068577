import type { CacheEntry } from '../cache/entry.ts';
import { type Result, success } from '../errors.ts';
import { Lockfile } from '../record/lockfile.ts';
import type { Workspace } from '../workspace.ts';
import { type Chain, chainOf } from './chain.ts';
import { Lineage } from './lineage.ts';
import { chooseModel, trainedModels, type ChosenModel } from './models.ts';

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
  const choice = chooseModel(models.value, name);
  if (!choice.ok) return choice;
  const { stage, entry } = choice.value.model;
  const lineage = new Lineage(workspace.cache, last.keys());
  const chain = await chainOf(workspace, lineage, entry, stage);
  if (!chain.ok) return chain;
  const chosen = `${stage}${whyChosen(choice.value, models.value.length)}`;
  return success({ stage, entry, chain: chain.value, lineage, chosen });
}

function whyChosen({ model: { judged }, by }: ChosenModel, models: number): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const test = judged?.testAccuracy === undefined ? '' : `, test accuracy ${percent(judged.testAccuracy)}`;
  if (by === undefined) return test;
  if (by === 'testAccuracy') return `, the best of ${models} models${test} (chosen on the test part)`;
  return `, the best of ${models} models by validation accuracy ${percent(judged!.validationAccuracy!)}${test}`;
}
