import { forEachFrame, frameCount } from './frames.ts';
import type { FrameOptions } from './spectrogram.ts';

/** Below this magnitude a sample counts as 0, which is positive. */
const ZERO_THRESHOLD = 1e-10;

/** Root mean square of each frame, as `librosa.feature.rms`. */
export function rootMeanSquare(samples: Float32Array, { nFft, hopLength }: FrameOptions): Float32Array {
  const result = new Float32Array(frameCount(samples.length, hopLength));
  forEachFrame(samples, { frameLength: nFft, hopLength, padding: 'zeros' }, (frame, index) => {
    let sum = 0;
    for (let n = 0; n < nFft; n++) sum += frame[n] * frame[n];
    result[index] = Math.sqrt(sum / nFft);
  });
  return result;
}

/** Changes of sign in each frame as a part of its samples, as `librosa.feature.zero_crossing_rate`. */
export function zeroCrossingRate(samples: Float32Array, { nFft, hopLength }: FrameOptions): Float32Array {
  const result = new Float32Array(frameCount(samples.length, hopLength));
  forEachFrame(samples, { frameLength: nFft, hopLength, padding: 'edge' }, (frame, index) => {
    let crossings = 0;
    for (let n = 1; n < nFft; n++) {
      if (frame[n] < -ZERO_THRESHOLD !== frame[n - 1] < -ZERO_THRESHOLD) crossings++;
    }
    result[index] = crossings / nFft;
  });
  return result;
}
