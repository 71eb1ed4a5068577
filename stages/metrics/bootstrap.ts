import { RandomState } from '../random/index.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** How many items there are to draw from. */
  readonly count: number;
  /** Of the items drawn, each as often as it was drawn. */
  readonly statistic: (items: Int32Array) => number;
  /** The group of each item, such as its speaker: groups are then drawn whole, since their items are no independent draws. */
  readonly groups?: readonly string[];
  readonly resamples?: number;
  /** The share of resamples inside the interval. */
  readonly level?: number;
  readonly seed: number;
}

/** The percentile bootstrap interval of a statistic (Efron 1979). */
export function bootstrapInterval(options: BootstrapOptions): Interval {
  const { count, statistic, groups, resamples = 1000, level = 0.95, seed } = options;
  if (count === 0) throw new RangeError('there is nothing to resample');
  const random = new RandomState(seed);
  const units = groups === undefined ? singles(count) : itemsByGroup(groups);
  const values = Float64Array.from({ length: resamples }, () =>
    statistic(Int32Array.from(units.flatMap(() => units[random.integer(units.length)]))),
  ).sort();
  const tail = (1 - level) / 2;
  return { low: quantile(values, tail), high: quantile(values, 1 - tail) };
}

/** The quantile of sorted values, linear between neighbours, as numpy's default. */
export function quantile(sorted: ArrayLike<number>, fraction: number): number {
  const position = fraction * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

function singles(count: number): number[][] {
  return Array.from({ length: count }, (_, item) => [item]);
}

function itemsByGroup(groups: readonly string[]): number[][] {
  const items = new Map<string, number[]>();
  groups.forEach((group, item) => {
    const members = items.get(group);
    if (members === undefined) items.set(group, [item]);
    else members.push(item);
  });
  return [...items.values()];
}
