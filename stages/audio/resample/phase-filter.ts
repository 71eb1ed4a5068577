import { kernels, type Allocate, type Kernels } from '../kernels/kernels.ts';
import { padInto } from '../padding.ts';
import type { Ratio } from './ratio.ts';
import type { FilterStage } from './stage.ts';

/** The kernel takes eight taps at a time. */
const TAPS_MODULO = 8;

/**
 * Filters and resamples by any ratio: each output is one phase of the filter on the samples around it, so that nothing
 * is computed for the zeros between samples or for the samples that are left out.
 */
export class PhaseFilter implements FilterStage {
  /** Zeros that the input needs before its first sample. */
  readonly lead: number;
  private readonly kernels: Kernels;
  private readonly ratio: Ratio;
  private readonly half: number;
  private readonly tapsPerPhase: number;
  private readonly phases: number;

  /** @param taps symmetric, at `up` times the input rate, with unit gain. */
  constructor(ratio: Ratio, taps: Float64Array) {
    const { up } = ratio;
    this.kernels = kernels();
    this.ratio = ratio;
    this.half = (taps.length - 1) / 2;
    this.tapsPerPhase = Math.ceil(Math.ceil(taps.length / up) / TAPS_MODULO) * TAPS_MODULO;
    this.lead = this.tapsPerPhase - 1;
    const phases = new Float32Array(up * this.tapsPerPhase);
    for (let index = 0; index < taps.length; index++) {
      // Reversed, so that a phase and the samples are read in the same direction.
      const place = this.tapsPerPhase - 1 - Math.floor(index / up);
      phases[(index % up) * this.tapsPerPhase + place] = taps[index] * up;
    }
    this.phases = this.kernels.reserveFloats(phases);
  }

  /** Samples, without the lead, that so many outputs are made of. */
  inputLength(outputs: number): number {
    return Math.floor((this.half + (outputs - 1) * this.ratio.down) / this.ratio.up) + 1;
  }

  run(samples: Float32Array, output: number, count: number, allocate: Allocate): void {
    const length = this.lead + Math.max(this.inputLength(count), samples.length);
    const input = padInto(this.kernels, samples, this.lead, length, allocate);
    this.runInPlace(input, output, count);
  }

  /** @param input where the lead begins, in the kernels' memory. @param output where `count` float32 are put. */
  runInPlace(input: number, output: number, count: number): void {
    const { up, down } = this.ratio;
    const { tapsPerPhase, phases, half } = this;
    this.kernels.call.phase_filter(phases, tapsPerPhase, up, down, half, input, output, count);
  }
}
