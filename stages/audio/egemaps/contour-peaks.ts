import { FRAMES_PER_SECOND } from './frames.ts';

/** Share of a contour's range by which extremes must differ. */
const THRESHOLD = 0.1;
/** How many times as high a peak must be to take the place of one before it; a trough must only be lower. */
const HIGHER = 1.05;

/** Of the slopes between extremes, per second. */
interface SlopeStatistics {
  readonly mean: number;
  readonly deviation: number;
}

export interface ContourPeaks {
  readonly count: number;
  readonly rising: SlopeStatistics;
  readonly falling: SlopeStatistics;
}

interface Extreme {
  readonly frame: number;
  readonly value: number;
  /** 1 for a peak, -1 for a trough, 0 for the contour's beginning. */
  readonly kind: number;
}

/**
 * Peaks and troughs that differ by a tenth of the contour's range, and the slopes of the lines between them. The line
 * from the last extreme to the end counts with its sign in the mean and not at all in the deviation, as in openSMILE.
 */
export function contourPeaks(values: Float64Array): ContourPeaks {
  if (values.length === 0) {
    const none = { mean: 0, deviation: 0 };
    return { count: 0, rising: none, falling: none };
  }
  const extremes = findExtremes(values);
  const rising: number[] = [];
  const falling: number[] = [];
  for (let index = 1; index < extremes.length; index++) {
    const [before, after] = [extremes[index - 1], extremes[index]];
    const seconds = (after.frame - before.frame) / FRAMES_PER_SECOND;
    (after.kind > 0 ? rising : falling).push(Math.abs(after.value - before.value) / seconds);
  }
  const last = extremes[extremes.length - 1];
  const frames = values.length - 1 - last.frame;
  const end = frames > 0 ? ((values[values.length - 1] - last.value) * FRAMES_PER_SECOND) / frames : 0;
  return {
    count: extremes.filter(({ kind }) => kind > 0).length,
    rising: statistics(rising, last.kind < 0 ? end : undefined),
    falling: statistics(falling, last.kind > 0 ? end : undefined),
  };
}

function findExtremes(values: Float64Array): Extreme[] {
  let least = values[0];
  let greatest = values[0];
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const threshold = THRESHOLD * (greatest - least);
  const extremes: Extreme[] = [{ frame: 0, value: values[0], kind: 0 }];
  for (let frame = 1; frame < values.length - 1; frame++) {
    const value = values[frame];
    const kind = extremeKind(values[frame - 1], value, values[frame + 1]);
    if (kind === 0) continue;
    const last = extremes[extremes.length - 1];
    const difference = (value - last.value) * kind;
    if (last.kind === kind) {
      const takesPlace = kind > 0 ? value > HIGHER * last.value : difference > 0;
      if (takesPlace) extremes[extremes.length - 1] = { frame, value, kind };
    } else if (difference > threshold) {
      extremes.push({ frame, value, kind });
    }
  }
  return extremes;
}

function extremeKind(before: number, value: number, after: number): number {
  if (value > before && value > after) return 1;
  return value < before && value < after ? -1 : 0;
}

function statistics(slopes: readonly number[], end: number | undefined): SlopeStatistics {
  const count = slopes.length + (end === undefined ? 0 : 1);
  if (count === 0) return { mean: 0, deviation: 0 };
  const mean = slopes.reduce((sum, slope) => sum + slope, end ?? 0) / count;
  const squares = slopes.reduce((sum, slope) => sum + (slope - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / count) };
}
