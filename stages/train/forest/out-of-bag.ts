import { bootstrapCounts } from './bootstrap.ts';
import { addLeaf, type Forest, type TrainingRows } from './forest.ts';
import type { ForestOptions } from './options.ts';

export interface OutOfBag {
  /** Rows × classes: the mean over the trees that did not see the row; NaN for a row that every tree saw. */
  readonly probabilities: Float64Array;
  /** The share of rows recognised by the trees that did not see them; null where every tree saw every row. */
  readonly accuracy: number | null;
}

/** An estimate of accuracy on new rows, free of a test set. `forest` must be grown on `rows` with these options. */
export function outOfBag(forest: Forest, rows: TrainingRows, options: ForestOptions): OutOfBag {
  const { features, dimension, labels, classes } = rows;
  const sums = new Float64Array(labels.length * classes);
  const votes = new Int32Array(labels.length);
  forest.trees.forEach((tree, index) => {
    const counts = options.bootstrap
      ? bootstrapCounts(labels.length, options.seed, index)
      : new Uint8Array(labels.length).fill(1);
    for (let row = 0; row < labels.length; row++) {
      if (counts[row] > 0) continue;
      addLeaf(tree, features, row * dimension, sums, row * classes, classes);
      votes[row]++;
    }
  });
  const probabilities = sums.map((sum, place) => sum / votes[Math.floor(place / classes)]);
  let judged = 0;
  let right = 0;
  for (let row = 0; row < labels.length; row++) {
    if (votes[row] === 0) continue;
    judged++;
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    if (own.indexOf(Math.max(...own)) === labels[row]) right++;
  }
  return { probabilities, accuracy: judged === 0 ? null : right / judged };
}
