import { StageFailure } from '../../runner/kind/index.ts';
import { forEachFrame, frameCount } from './frames.ts';
import { kernels } from './kernels/kernels.ts';
import type { FrameOptions } from './spectrogram.ts';

/** A trough below this is taken for the period; the lowest there is where none is. */
const TROUGH_THRESHOLD = 0.1;
const SMALLEST_NORMAL = 2 ** -126;

export interface PitchRange {
  /** Hz. */
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The fundamental frequency of each frame in Hz by YIN (de Cheveigné & Kawahara 2002), as `librosa.yin`. A frame
 * without pitch has the frequency of its best period all the same.
 *
 * @throws StageFailure where a frame is too short for the lowest pitch.
 */
export function yin(
  samples: Float32Array,
  sampleRate: number,
  { nFft, hopLength }: FrameOptions,
  { lowest, highest }: PitchRange,
  place: string,
): Float32Array {
  const shortest = Math.floor(sampleRate / highest);
  const longest = Math.min(Math.ceil(sampleRate / lowest), nFft - 1);
  if (shortest < 1 || highest > sampleRate / 2 || sampleRate / lowest >= nFft - 1) {
    throw new StageFailure(
      `a pitch of ${lowest} to ${highest} Hz cannot be found at ${sampleRate} Hz in ${nFft} samples`,
      {
        place,
        hint: 'change pitchMin, pitchMax or nFft',
      },
    );
  }
  const memory = kernels();
  const result = new Float32Array(frameCount(samples.length, hopLength));
  memory.within((allocate) => {
    const frameAt = allocate(8 * nFft);
    const lagsAt = allocate(8 * (longest + 1));
    forEachFrame(samples, { frameLength: nFft, hopLength, padding: 'zeros' }, (frame, index) => {
      memory.doubles(frameAt, nFft).set(frame);
      memory.call.autocorrelate(frameAt, nFft, longest + 1, lagsAt);
      const difference = normalizedDifference(frame, memory.doubles(lagsAt, longest + 1), shortest);
      result[index] = sampleRate / (shortest + bestPeriod(difference));
    });
  });
  return result;
}

/** The cumulative mean normalised difference for periods from `shortest` to the longest lag. */
function normalizedDifference(frame: Float32Array, lags: Float64Array, shortest: number): Float64Array {
  const longest = lags.length - 1;
  const result = new Float64Array(longest - shortest + 1);
  let energy = 0;
  let cumulative = 0;
  for (let lag = 1; lag <= longest; lag++) {
    energy += frame[lag - 1] * frame[lag - 1];
    const difference = 2 * (lags[0] - lags[lag]) - energy;
    cumulative += difference;
    if (lag >= shortest) result[lag - shortest] = difference / (cumulative / lag + SMALLEST_NORMAL);
  }
  return result;
}

/** The index of the first trough that is deep enough, or of the lowest value, refined by a parabola. */
function bestPeriod(difference: Float64Array): number {
  let best = -1;
  let lowest = 0;
  for (let index = 0; index < difference.length; index++) {
    if (difference[index] < difference[lowest]) lowest = index;
    if (best < 0 && difference[index] < TROUGH_THRESHOLD && isTrough(difference, index)) best = index;
  }
  if (best < 0) best = lowest;
  return best + parabolicShift(difference, best);
}

function isTrough(values: Float64Array, index: number): boolean {
  const last = values.length - 1;
  if (index === 0) return values[0] < values[1];
  return values[index] < values[index - 1] && values[index] <= values[Math.min(index + 1, last)];
}

function parabolicShift(values: Float64Array, index: number): number {
  if (index === 0 || index === values.length - 1) return 0;
  const curvature = values[index + 1] + values[index - 1] - 2 * values[index];
  const slope = (values[index + 1] - values[index - 1]) / 2;
  return Math.abs(slope) >= Math.abs(curvature) ? 0 : -slope / curvature;
}
