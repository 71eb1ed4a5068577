import { istft, stft, STFT_BINS } from '../audio/stft.ts';
import type { RandomState } from '../random/index.ts';

/** Silences samples `start` to `end`. */
export function maskTime(samples: Float32Array, start: number, end: number): Float32Array {
  return samples.slice().fill(0, start, end);
}

/** Takes the bins from `first` to before `end` of the short-time Fourier transform out. */
export function maskFrequency(samples: Float32Array, first: number, end: number): Float32Array {
  const transform = stft(samples);
  for (let frame = 0; frame < transform.frames; frame++) {
    transform.real.fill(0, frame * STFT_BINS + first, frame * STFT_BINS + end);
    transform.imaginary.fill(0, frame * STFT_BINS + first, frame * STFT_BINS + end);
  }
  return istft(transform, samples.length);
}

/** Adds white Gaussian noise at exactly the ratio of powers given in dB. Silence stays silent. */
export function addNoise(samples: Float32Array, signalToNoiseDb: number, random: RandomState): Float32Array {
  const noise = Float32Array.from(samples, () => random.normal());
  const scale = Math.sqrt(energyOf(samples) / energyOf(noise) / 10 ** (signalToNoiseDb / 10));
  return samples.map((sample, index) => sample + scale * noise[index]);
}

export function changeGain(samples: Float32Array, decibels: number): Float32Array {
  const factor = 10 ** (decibels / 20);
  return samples.map((sample) => sample * factor);
}

function energyOf(samples: Float32Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return energy;
}
