export interface Spread {
  readonly mean: number;
  /** Of the sample (n − 1); 0 for a single value. */
  readonly standardDeviation: number;
}

/** Mean and spread over folds and seeds. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('there are no values to summarise');
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  if (values.length === 1) return { mean, standardDeviation: 0 };
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, standardDeviation: Math.sqrt(squares / (values.length - 1)) };
}

export interface GroupAccuracy {
  readonly group: string;
  readonly count: number;
  readonly accuracy: number;
}

/** Accuracy for each group, such as each speaker, sorted by its name. */
export function accuracyByGroup(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  groups: readonly string[],
): GroupAccuracy[] {
  const counts = new Map<string, { count: number; right: number }>();
  groups.forEach((group, i) => {
    const of = counts.get(group) ?? { count: 0, right: 0 };
    counts.set(group, { count: of.count + 1, right: of.right + (labels[i] === predicted[i] ? 1 : 0) });
  });
  return [...counts]
    .map(([group, { count, right }]) => ({ group, count, accuracy: right / count }))
    .sort((a, b) => (a.group < b.group ? -1 : 1));
}

/** The share of predictions that are right. */
export function accuracyOf(labels: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === predicted[i]) right++;
  return labels.length === 0 ? 0 : right / labels.length;
}
