import { RandomState } from '../random/index.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface ResampleOptions {
  readonly resamples: number;
  readonly seed: number;
}

/**
 * A bootstrap in two levels (Davison & Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8): groups
 * are drawn with replacement, then of each drawn group as many items as it has. Items of one group, such as clips of
 * one speaker, are no independent draws, so that drawing items alone would give intervals that are too narrow.
 *
 * `groups`: the items of each group. `each` is called once a resample with how often each item was drawn; the array is
 * used again. The draws depend on the sizes of the groups and the seed alone, so that several statistics, or several
 * models of the same items, can be taken from the same resamples.
 */
export function resampleInGroups(
  groups: readonly (readonly number[])[],
  { resamples, seed }: ResampleOptions,
  each: (counts: Int32Array) => void,
): void {
  const items = groups.reduce((sum, group) => sum + group.length, 0);
  if (items === 0) throw new RangeError('there is nothing to resample');
  const random = new RandomState(seed);
  const counts = new Int32Array(Math.max(...groups.flat()) + 1);
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0);
    for (let drawn = 0; drawn < groups.length; drawn++) {
      const group = groups[random.integer(groups.length)];
      for (let item = 0; item < group.length; item++) counts[group[random.integer(group.length)]]++;
    }
    each(counts);
  }
}

/** The percentile interval of a statistic's values over the resamples (Efron 1979). `level`: e.g. 0.95. */
export function percentileInterval(values: Float64Array, level: number): Interval {
  const tail = (1 - level) / 2;
  const sorted = values.toSorted();
  // From above by the same arithmetic as from below, so that negated values give the negated interval to the last bit.
  const negated = sorted.map((value) => -value).reverse();
  return { low: quantile(sorted, tail), high: -quantile(negated, tail) };
}

/** The quantile of sorted values, linear between neighbours, as numpy's default. */
export function quantile(sorted: ArrayLike<number>, fraction: number): number {
  const position = fraction * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
