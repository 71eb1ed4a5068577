import { StageFailure } from '../../runner/kind/index.ts';

/** Frames under the filter of `librosa.feature.delta`: fewer have no delta. */
const DELTA_WIDTH = 9;

const HALF = (DELTA_WIDTH - 1) / 2;

/**
 * Savitzky-Golay derivatives over nine frames, by the order of the derivative: the slope of the least-squares line
 * and the curvature of the least-squares parabola (Savitzky & Golay 1964).
 */
const SAVITZKY_GOLAY = {
  1: { numerators: [-4, -3, -2, -1, 0, 1, 2, 3, 4], denominator: 60 },
  2: { numerators: [28, 7, -8, -17, -20, -17, -8, 7, 28], denominator: 462 },
} as const;

/**
 * Local derivatives along time, as `librosa.feature.delta` with width 9 and `mode='interp'`: the first and last four
 * frames take the value of the nearest full window, whose fitted polynomial has one derivative throughout.
 *
 * @param frames at least `DELTA_WIDTH` frames of `width` values each, one after the other.
 */
export function delta(frames: Float32Array, width: number, order: 1 | 2): Float32Array {
  const count = frames.length / width;
  const { numerators, denominator } = SAVITZKY_GOLAY[order];
  const result = new Float32Array(frames.length);
  for (let frame = 0; frame < count; frame++) {
    const first = (windowCentre(frame, count) - HALF) * width;
    for (let index = 0; index < width; index++) {
      let sum = 0;
      for (let offset = 0; offset < DELTA_WIDTH; offset++) {
        sum += numerators[offset] * frames[first + offset * width + index];
      }
      result[frame * width + index] = sum / denominator;
    }
  }
  return result;
}

/**
 * What each frame counts for in the mean of `delta` over time. The mean is linear in the frames, and all but those
 * near the ends cancel, so that the deltas themselves need not be computed for it.
 */
export function deltaMeanWeights(count: number, order: 1 | 2): Float64Array {
  const { numerators, denominator } = SAVITZKY_GOLAY[order];
  // Summed as whole numbers, so that what cancels is exactly 0.
  const result = new Float64Array(count);
  for (let frame = 0; frame < count; frame++) {
    const first = windowCentre(frame, count) - HALF;
    for (let offset = 0; offset < DELTA_WIDTH; offset++) result[first + offset] += numerators[offset];
  }
  return result.map((sum) => sum / (denominator * count));
}

/** @throws StageFailure where a clip has fewer frames than a delta needs. */
export function requireDeltaFrames(
  frames: number,
  clip: { readonly samples: number; readonly sampleRate: number; readonly hopLength: number },
  place: string,
): void {
  if (frames >= DELTA_WIDTH) return;
  const needed = (DELTA_WIDTH - 1) * clip.hopLength;
  throw new StageFailure(
    `too short: ${clip.samples} samples at ${clip.sampleRate} Hz make ${frames} frames, and deltas need ${DELTA_WIDTH} (${needed} samples)`,
    { place, hint: 'take the recording out, trim less (preprocess.trimDb), or lower hopLength' },
  );
}

function windowCentre(frame: number, count: number): number {
  return Math.min(Math.max(frame, HALF), count - 1 - HALF);
}
