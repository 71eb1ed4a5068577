import { binFeatures } from './binning.ts';
import type { ForestOptions } from './options.ts';
import { leafOf, type Tree } from './tree.ts';
import { TreeGrower, type GrowingTask, type GrownTree } from './tree-grower.ts';

export interface Forest {
  readonly classes: number;
  /** Features of a row. */
  readonly dimension: number;
  readonly trees: readonly Tree[];
  /** Mean decrease of impurity by each feature; they sum to one. */
  readonly importances: Float64Array;
}

export interface TrainingRows {
  /** Rows × dimension, row-major, finite. */
  readonly features: Float32Array;
  readonly dimension: number;
  /** 0 … classes − 1. */
  readonly labels: Int32Array;
  readonly classes: number;
}

/** Grows trees by number, in the order asked for; `growHere` or a pool of threads. */
export type GrowTrees = (task: GrowingTask, count: number) => Promise<readonly GrownTree[]>;

/** Grows one tree after the other in this thread, letting events through between them. */
export const growHere: GrowTrees = async (task, count) => {
  const grower = new TreeGrower(task);
  const grown: GrownTree[] = [];
  for (let index = 0; index < count; index++) {
    grown.push(grower.grow(index));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return grown;
};

/**
 * Fits a random forest (Breiman 2001) on histogram bins. One seed gives the same trees whoever grows them.
 * Throws RangeError where the sizes do not fit.
 */
export async function fitForest(
  rows: TrainingRows,
  options: ForestOptions,
  growTrees: GrowTrees = growHere,
): Promise<Forest> {
  const { features, dimension, labels, classes } = rows;
  if (labels.length === 0 || features.length !== labels.length * dimension) {
    throw new RangeError(`${features.length} features are not ${labels.length} rows of ${dimension}`);
  }
  const binned = binFeatures(features, labels.length, dimension);
  const grown = await growTrees({ features: binned, labels, classes, options }, options.trees);
  return {
    classes,
    dimension,
    trees: grown.map(({ tree }) => tree),
    importances: Float64Array.from(
      { length: dimension },
      (_, feature) => grown.reduce((sum, { importances }) => sum + importances[feature], 0) / grown.length,
    ),
  };
}

/** The mean of the trees' probabilities: rows × classes, row-major. `features`: rows × dimension. */
export function predictProbabilities(forest: Forest, features: Float32Array): Float64Array {
  const { classes, dimension, trees } = forest;
  const rows = features.length / dimension;
  const probabilities = new Float64Array(rows * classes);
  for (const tree of trees) {
    for (let row = 0; row < rows; row++)
      addLeaf(tree, features, row * dimension, probabilities, row * classes, classes);
  }
  return probabilities.map((sum) => sum / trees.length);
}

/** Adds the distribution of the row's leaf to `probabilities` from `place` on. */
export function addLeaf(
  tree: Tree,
  features: Float32Array,
  offset: number,
  probabilities: Float64Array,
  place: number,
  classes: number,
): void {
  const start = leafOf(tree, features, offset) * classes;
  for (let index = 0; index < classes; index++)
    probabilities[place + index] += tree.distributions[start + index];
}
