import { kernels, type Allocate, type Signal } from '../kernels/kernels.ts';
import { designStage } from './design.ts';
import { filteredLength, ratioOf, resampledLength } from './ratio.ts';

/** Converts mono audio from one sample rate to another. */
export interface Resampler {
  /**
   * The output lies in scratch space of the kernels' memory. It has ceil(samples × to / from) samples, as librosa's;
   * the first lies at the time of the first.
   */
  resample(samples: Float32Array, allocate: Allocate): Signal;
}

/** @param from Hz. @param to Hz. Both whole, so that their ratio is rational. */
export function createResampler(from: number, to: number): Resampler {
  const ratio = ratioOf(from, to);
  if (ratio.up === ratio.down) return { resample: copyIn };
  const stage = designStage(ratio);
  return {
    resample(samples, allocate) {
      const length = resampledLength(samples.length, ratio);
      const filtered = filteredLength(samples.length, ratio);
      const pointer = allocate(4 * length);
      stage.run(samples, pointer, filtered, allocate);
      kernels().floats(pointer, length).fill(0, filtered);
      return { pointer, length };
    },
  };
}

function copyIn(samples: Float32Array, allocate: Allocate): Signal {
  const pointer = allocate(samples.byteLength);
  kernels().floats(pointer, samples.length).set(samples);
  return { pointer, length: samples.length };
}
