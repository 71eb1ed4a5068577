import {
  forEachDifference,
  isTrough,
  parabolicShift,
  periodRange,
  type PitchRange,
} from './difference-function.ts';
import { frameCount } from './frames.ts';
import type { FrameOptions } from './spectrogram.ts';

/** A trough below this is taken for the period; the lowest there is where none is. */
const TROUGH_THRESHOLD = 0.1;

/**
 * The fundamental frequency of each frame in Hz by YIN (de Cheveigné & Kawahara 2002), as `librosa.yin`. A frame
 * without pitch has the frequency of its best period all the same.
 *
 * @throws StageFailure where a frame is too short for the lowest pitch.
 */
export function yin(
  samples: Float32Array,
  sampleRate: number,
  frames: FrameOptions,
  range: PitchRange,
  place: string,
): Float32Array {
  const periods = periodRange(range, sampleRate, frames.nFft, place);
  const result = new Float32Array(frameCount(samples.length, frames.hopLength));
  forEachDifference(samples, frames, periods, (difference, index) => {
    result[index] = sampleRate / (periods.shortest + bestPeriod(difference));
  });
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
