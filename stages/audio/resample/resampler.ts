import { designLowPass } from './low-pass.ts';

/** Converts mono audio from one sample rate to another. */
export interface Resampler {
  /** The output has ceil(samples × to / from) samples, as librosa's; the first lies at the time of the first. */
  resample(samples: Float32Array): Float32Array;
}

/** @param from Hz. @param to Hz. Both whole, so that their ratio is rational. */
export function createResampler(from: number, to: number): Resampler {
  const divisor = greatestCommonDivisor(from, to);
  const up = to / divisor;
  const down = from / divisor;
  return up === down ? { resample: (samples) => samples } : new PolyphaseResampler(up, down);
}

/**
 * Inserts `up - 1` zeros between samples, filters, and keeps each `down`-th sample, without computing what is
 * multiplied by zero or thrown away: each output is one phase of the filter on the samples around it.
 */
class PolyphaseResampler implements Resampler {
  private readonly up: number;
  private readonly down: number;
  private readonly half: number;
  /** The filter's phases one after the other, each reversed. */
  private readonly phases: Float64Array;
  private readonly tapsPerPhase: number;

  constructor(up: number, down: number) {
    const taps = designLowPass(Math.max(up, down));
    this.up = up;
    this.down = down;
    this.half = (taps.length - 1) / 2;
    this.tapsPerPhase = Math.ceil(taps.length / up);
    this.phases = new Float64Array(up * this.tapsPerPhase);
    for (let index = 0; index < taps.length; index++) {
      const place = this.tapsPerPhase - 1 - Math.floor(index / up);
      this.phases[(index % up) * this.tapsPerPhase + place] = taps[index] * up;
    }
  }

  resample(samples: Float32Array): Float32Array {
    const { up, down, half, phases, tapsPerPhase } = this;
    const output = new Float32Array(Math.ceil((samples.length * up) / down));
    const lead = tapsPerPhase;
    const padded = new Float64Array(lead + samples.length + Math.ceil(half / up) + 2);
    padded.set(samples, lead);
    for (let index = 0; index < output.length; index++) {
      const position = index * down + half;
      const phase = (position % up) * tapsPerPhase;
      const first = Math.floor(position / up) - tapsPerPhase + 1 + lead;
      let sum = 0;
      for (let tap = 0; tap < tapsPerPhase; tap++) sum += phases[phase + tap] * padded[first + tap];
      output[index] = sum;
    }
    return output;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
