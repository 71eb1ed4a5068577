import type { Statistic } from './params.ts';

/**
 * Statistics over time of frames × `width` values: all columns' values of the first statistic, then of the next.
 * Standard deviations are those of the whole (`numpy.std`); percentiles interpolate linearly (`numpy.percentile`).
 */
export function statisticsOverTime(
  frames: Float32Array,
  width: number,
  statistics: readonly Statistic[],
): Float32Array {
  const count = frames.length / width;
  const result = new Float32Array(statistics.length * width);
  const column = new Float64Array(count);
  for (let index = 0; index < width; index++) {
    for (let frame = 0; frame < count; frame++) column[frame] = frames[frame * width + index];
    const mean = column.reduce((sum, value) => sum + value, 0) / count;
    const sorted = column.slice().sort();
    statistics.forEach((statistic, block) => {
      result[block * width + index] = statisticOf(statistic, sorted, mean);
    });
  }
  return result;
}

function statisticOf(statistic: Statistic, sorted: Float64Array, mean: number): number {
  switch (statistic) {
    case 'mean':
      return mean;
    case 'std':
      return Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length);
    case 'min':
      return sorted[0];
    case 'max':
      return sorted[sorted.length - 1];
    default:
      return percentile(sorted, Number(statistic.slice(1)));
  }
}

function percentile(sorted: Float64Array, percent: number): number {
  const position = (percent / 100) * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}
