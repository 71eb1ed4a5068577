import { kernels, type Allocate } from '../kernels/kernels.ts';
import { FftFilter } from './fft-filter.ts';
import { sharpFilter, smoothFilter } from './filters.ts';
import { kaiserSinc } from './kaiser.ts';
import { PhaseFilter } from './phase-filter.ts';
import { ratioOf, type Ratio } from './ratio.ts';
import type { FilterStage } from './stage.ts';

/** Below this ratio of input to output rate the samples are doubled first, so that the second filter can be short. */
const DOUBLED_BELOW = 1.5;

/**
 * Resamples by a ratio of large numbers, such as 160/441, in two steps: a sharp filter that limits the band, at the
 * input rate or twice that, and a short one that interpolates between its samples.
 */
export class ChainFilter implements FilterStage {
  private readonly limit: FftFilter;
  private readonly interpolate: PhaseFilter;

  /** @param shares of the error budget: see filters.ts. */
  constructor({ up, down }: Ratio, shares: number) {
    const reduction = down / up;
    const doubling = reduction < DOUBLED_BELOW ? 2 : 1;
    // The Nyquist frequency after the first step, divided by the lower of the two.
    const factor = Math.max(reduction, 1) * doubling;
    this.limit = new FftFilter({ up: doubling, down: 1 }, kaiserSinc(sharpFilter(factor, doubling, shares)));
    const rest = ratioOf(down * doubling, up);
    const { taps, phases } = smoothFilter(factor, rest.up, reduction > 1);
    const step = rest.down * (phases / rest.up);
    this.interpolate = new PhaseFilter({ up: phases, down: step }, kaiserSinc(taps));
  }

  run(samples: Float32Array, output: number, count: number, allocate: Allocate): void {
    const { lead } = this.interpolate;
    const between = this.interpolate.inputLength(count);
    const limited = allocate(4 * (lead + between));
    this.limit.run(samples, limited + 4 * lead, between, allocate);
    kernels().floats(limited, lead).fill(0);
    this.interpolate.runInPlace(limited, output, count);
  }
}
