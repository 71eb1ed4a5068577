import { kernels } from './kernels/kernels.ts';
import { createResampler, type Resampler } from './resample/resampler.ts';
import { emptyStft, istft, stft, STFT_BINS, STFT_HOP, STFT_SIZE, type Stft } from './stft.ts';

/**
 * Speaks a clip `rate` times as fast without moving its pitch, as `librosa.effects.time_stretch` (phase vocoder,
 * Flanagan & Golden 1966).
 */
export function timeStretch(samples: Float32Array, rate: number): Float32Array {
  return istft(stretched(stft(samples), rate), Math.round(samples.length / rate));
}

/** Steps through the frames at `rate`, each bin's phase going on by what it advances between the frames around. */
function stretched(source: Stft, rate: number): Stft {
  const result = emptyStft(Math.ceil(source.frames / rate));
  const phase = new Float64Array(STFT_BINS);
  for (let bin = 0; bin < STFT_BINS; bin++) phase[bin] = Math.atan2(source.imaginary[bin], source.real[bin]);
  for (let frame = 0; frame < result.frames; frame++) {
    const position = frame * rate;
    const before = Math.floor(position);
    const part = position - before;
    for (let bin = 0; bin < STFT_BINS; bin++) {
      const here = before * STFT_BINS + bin;
      const next = here + STFT_BINS;
      const hereReal = source.real[here];
      const hereImaginary = source.imaginary[here];
      const isPast = before + 1 >= source.frames;
      const nextReal = isPast ? 0 : source.real[next];
      const nextImaginary = isPast ? 0 : source.imaginary[next];
      const magnitude =
        (1 - part) * Math.hypot(hereReal, hereImaginary) + part * Math.hypot(nextReal, nextImaginary);
      result.real[frame * STFT_BINS + bin] = magnitude * Math.cos(phase[bin]);
      result.imaginary[frame * STFT_BINS + bin] = magnitude * Math.sin(phase[bin]);
      const expected = (2 * Math.PI * STFT_HOP * bin) / STFT_SIZE;
      const turn = Math.atan2(nextImaginary, nextReal) - Math.atan2(hereImaginary, hereReal) - expected;
      phase[bin] += expected + turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
    }
  }
  return result;
}

/** The finest step of a pitch shift: each shift has a resampler of its own, and there must not be too many. */
const QUARTER_TONES_PER_OCTAVE = 24;
const LARGEST_DENOMINATOR = 1000;

const resamplers = new Map<number, Resampler>();

/** Moves the pitch of a clip by so many quarter tones, as `librosa.effects.pitch_shift`; the length stays. */
export function shiftPitch(samples: Float32Array, quarterTones: number): Float32Array {
  const rate = 2 ** (-quarterTones / QUARTER_TONES_PER_OCTAVE);
  let resampler = resamplers.get(quarterTones);
  if (resampler === undefined) {
    const { numerator, denominator } = fractionOf(rate);
    resampler = createResampler(denominator, numerator);
    resamplers.set(quarterTones, resampler);
  }
  const slow = timeStretch(samples, rate);
  const result = new Float32Array(samples.length);
  kernels().within((allocate) => {
    const { pointer, length } = resampler.resample(slow, allocate);
    result.set(kernels().floats(pointer, Math.min(length, result.length)));
  });
  return result;
}

/** The nearest fraction of small numbers: within a hundredth of a cent for quarter tones. */
function fractionOf(value: number): { numerator: number; denominator: number } {
  let best = { numerator: 1, denominator: 1 };
  let error = Number.POSITIVE_INFINITY;
  for (let denominator = 1; denominator <= LARGEST_DENOMINATOR; denominator++) {
    const numerator = Math.round(value * denominator);
    const distance = Math.abs(numerator / denominator - value);
    if (distance < error - 1e-12) {
      best = { numerator, denominator };
      error = distance;
    }
  }
  return best;
}
