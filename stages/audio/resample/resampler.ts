import { DirectResampler } from './direct.ts';
import { FftResampler, fitsFft } from './fft.ts';
import { ratioOf } from './ratio.ts';

/** Converts mono audio from one sample rate to another. */
export interface Resampler {
  /** The output has ceil(samples × to / from) samples, as librosa's; the first lies at the time of the first. */
  resample(samples: Float32Array): Float32Array;
}

/** @param from Hz. @param to Hz. Both whole, so that their ratio is rational. */
export function createResampler(from: number, to: number): Resampler {
  const ratio = ratioOf(from, to);
  if (ratio.up === ratio.down) return { resample: (samples) => samples };
  return fitsFft(ratio) ? new FftResampler(ratio) : new DirectResampler(ratio);
}
