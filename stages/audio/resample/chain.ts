import { kernels, type Allocate, type Signal } from '../kernels/kernels.ts';
import { FftFilter } from './fft-filter.ts';
import { sharpFilter, smoothFilter } from './filters.ts';
import { kaiserSinc } from './kaiser.ts';
import { PhaseFilter } from './phase-filter.ts';
import { filteredLength, ratioOf, resampledLength, type Ratio } from './ratio.ts';
import type { Resampler } from './resampler.ts';

/** Below this ratio of input to output rate the samples are doubled first, so that the second filter can be short. */
const DOUBLED_BELOW = 1.5;
/** Ratios from here on cost soxr a further stage, up or down. */
const FURTHER_STAGE_FROM = 4;

/**
 * Resamples by a ratio of large numbers, such as 160/441, in the two steps that soxr takes: a sharp filter that limits
 * the band, at the input rate or twice that, and a short one that interpolates between its samples.
 */
export class ChainResampler implements Resampler {
  private readonly ratio: Ratio;
  private readonly limit: FftFilter;
  private readonly interpolate: PhaseFilter;

  constructor(ratio: Ratio) {
    const { up, down } = ratio;
    const reduction = down / up;
    const doubling = reduction < DOUBLED_BELOW ? 2 : 1;
    // The Nyquist frequency after the first step, divided by the lower of the two.
    const factor = Math.max(reduction, 1) * doubling;
    const further = reduction >= FURTHER_STAGE_FROM || reduction < 1 / FURTHER_STAGE_FROM;
    this.ratio = ratio;
    this.limit = new FftFilter({ up: doubling, down: 1 }, kaiserSinc(sharpFilter(factor, further ? 4 : 2)));
    const rest = ratioOf(down * doubling, up);
    const { taps, phases } = smoothFilter(factor, rest.up, reduction > 1);
    const step = rest.down * (phases / rest.up);
    this.interpolate = new PhaseFilter({ up: phases, down: step }, kaiserSinc(taps));
  }

  resample(samples: Float32Array, allocate: Allocate): Signal {
    const length = resampledLength(samples.length, this.ratio);
    const filtered = filteredLength(samples.length, this.ratio);
    const { lead } = this.interpolate;
    const between = lead + this.interpolate.inputLength(filtered);
    const pointer = allocate(4 * length);
    const limited = allocate(4 * between);
    this.limit.run(samples, limited + 4 * lead, between - lead, allocate);
    kernels().floats(limited, lead).fill(0);
    this.interpolate.run(limited, pointer, filtered);
    kernels().floats(pointer, length).fill(0, filtered);
    return { pointer, length };
  }
}
