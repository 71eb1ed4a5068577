import { kernels, type Allocate, type Kernels, type Signal } from '../kernels/kernels.ts';
import { designLowPass } from './low-pass.ts';
import { padInto } from '../padding.ts';
import { resampledLength, type Ratio } from './ratio.ts';
import type { Resampler } from './resampler.ts';

/** The kernel takes eight taps at a time. */
const TAPS_MODULO = 8;

/**
 * Resamples by any ratio: each output is one phase of the filter on the samples around it, so that nothing is
 * computed for the zeros between samples or for the samples that are left out.
 */
export class DirectResampler implements Resampler {
  private readonly kernels: Kernels;
  private readonly ratio: Ratio;
  private readonly half: number;
  private readonly tapsPerPhase: number;
  private readonly phases: number;

  constructor(ratio: Ratio) {
    const { up, down } = ratio;
    const taps = designLowPass(Math.max(up, down));
    this.kernels = kernels();
    this.ratio = ratio;
    this.half = (taps.length - 1) / 2;
    this.tapsPerPhase = Math.ceil(Math.ceil(taps.length / up) / TAPS_MODULO) * TAPS_MODULO;
    const phases = new Float32Array(up * this.tapsPerPhase);
    for (let index = 0; index < taps.length; index++) {
      // Reversed, so that a phase and the samples are read in the same direction.
      const place = this.tapsPerPhase - 1 - Math.floor(index / up);
      phases[(index % up) * this.tapsPerPhase + place] = taps[index] * up;
    }
    this.phases = this.kernels.reserveFloats(phases);
  }

  resample(samples: Float32Array, allocate: Allocate): Signal {
    const { tapsPerPhase, phases, half } = this;
    const { up, down } = this.ratio;
    const count = resampledLength(samples.length, this.ratio);
    const lead = tapsPerPhase - 1;
    const length = lead + samples.length + Math.ceil((half + down) / up) + 1;
    const padded = padInto(this.kernels, samples, lead, length, allocate);
    const output = allocate(4 * count);
    this.kernels.call.direct_resample(phases, tapsPerPhase, up, down, half, padded, output, count);
    return { pointer: output, length: count };
  }
}
