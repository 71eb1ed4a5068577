import { kernels, type Allocate, type Signal } from '../kernels/kernels.ts';
import { ChainResampler } from './chain.ts';
import { FftFilter } from './fft-filter.ts';
import { sharpFilter, type Shares } from './filters.ts';
import { kaiserSinc } from './kaiser.ts';
import { ratioOf, resampledLength, filteredLength, type Ratio } from './ratio.ts';

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
  return isSmall(ratio) ? new OneFilterResampler(ratio) : new ChainResampler(ratio);
}

/** Whether one filter does the whole: where both numbers are small, or one is 1 and the other not too large. */
function isSmall({ up, down }: Ratio): boolean {
  return Math.max(up, down) < 5 || (Math.min(up, down) === 1 && Math.max(up, down) <= 12);
}

class OneFilterResampler implements Resampler {
  private readonly ratio: Ratio;
  private readonly filter: FftFilter;

  constructor(ratio: Ratio) {
    const { up, down } = ratio;
    this.ratio = ratio;
    this.filter = new FftFilter(ratio, kaiserSinc(sharpFilter(Math.max(up, down), sharesOf(ratio))));
  }

  resample(samples: Float32Array, allocate: Allocate): Signal {
    const length = resampledLength(samples.length, this.ratio);
    const filtered = filteredLength(samples.length, this.ratio);
    const pointer = allocate(4 * length);
    kernels().floats(pointer, length).fill(0, filtered);
    this.filter.run(samples, pointer, filtered, allocate);
    return { pointer, length };
  }
}

/** soxr halves the rate first, once for each power of two in a reduction from 4 on, and quadruples it last from 6 on. */
function sharesOf({ up, down }: Ratio): Shares {
  if (up > 5) return 2;
  const halvings = Math.max(0, Math.floor(Math.log2(down / up)) - 1);
  return halvings === 0 ? 1 : halvings === 1 ? 2 : 3;
}

function copyIn(samples: Float32Array, allocate: Allocate): Signal {
  const pointer = allocate(samples.byteLength);
  kernels().floats(pointer, samples.length).set(samples);
  return { pointer, length: samples.length };
}
