import type { Output } from '../../../runner/kind/index.ts';
import type { TrainingRows } from '../forest/index.ts';
import type { Classifier } from '../prediction/fold-models.ts';
import type { RandomForestParams } from './params.ts';

/** A forest fitted on one fold. */
export interface FittedForest {
  readonly classify: Classifier;
  /** Nodes of all trees. */
  readonly nodes: number;
  /** Accuracy on the rows that a tree did not see; null where each tree sees all or the engine does not tell. */
  readonly outOfBagAccuracy: number | null;
  /** Writes into the folder of the artifact what `loadClassifier` reads. */
  save(output: Output, folder: string): Promise<void>;
}

/** Fits a forest. Throws StageFailure where the params ask for what the engine cannot do. */
export type Engine = (
  rows: TrainingRows,
  params: RandomForestParams,
  seed: number,
  threads: number,
) => Promise<FittedForest>;
