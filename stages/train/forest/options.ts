/** How a forest is grown; names and meanings are those of scikit-learn's RandomForestClassifier. */
export interface ForestOptions {
  readonly trees: number;
  readonly criterion: 'gini' | 'entropy';
  /** Features looked at for a split: a count from 1, a share below 1, or a function of their number. */
  readonly maxFeatures: 'sqrt' | 'log2' | 'all' | number;
  /** Splits on the way from the root; null: no limit. */
  readonly maxDepth: number | null;
  /** Rows a node needs to be split, and those a leaf needs; a row drawn twice counts once. */
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Whether each tree sees as many rows as there are, drawn with replacement, or each row once. */
  readonly bootstrap: boolean;
  /** `balanced`: a row weighs rows / (classes × rows of its class). */
  readonly classWeight: 'balanced' | null;
  readonly seed: number;
}

export const defaultForestOptions: ForestOptions = {
  trees: 100,
  criterion: 'gini',
  maxFeatures: 'sqrt',
  maxDepth: null,
  minSamplesSplit: 2,
  minSamplesLeaf: 1,
  bootstrap: true,
  classWeight: null,
  seed: 0,
};

/** How many of `dimension` features a split looks at; at least one. */
export function featuresPerSplit(maxFeatures: ForestOptions['maxFeatures'], dimension: number): number {
  if (maxFeatures === 'all') return dimension;
  if (maxFeatures === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(dimension)));
  if (maxFeatures === 'log2') return Math.max(1, Math.floor(Math.log2(dimension)));
  const wanted = maxFeatures < 1 ? maxFeatures * dimension : maxFeatures;
  return Math.min(dimension, Math.max(1, Math.floor(wanted)));
}

/** The weight of a row of each class. */
export function classWeights(
  labels: Int32Array,
  classes: number,
  classWeight: ForestOptions['classWeight'],
): Float64Array {
  const weights = new Float64Array(classes).fill(1);
  if (classWeight === null) return weights;
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]++;
  const occurring = counts.filter((count) => count > 0).length;
  return weights.map((_, index) => (counts[index] === 0 ? 0 : labels.length / (occurring * counts[index])));
}
