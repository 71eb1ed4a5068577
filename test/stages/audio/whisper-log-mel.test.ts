import { WhisperFeatureExtractor } from '@huggingface/transformers';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MixedRadixFft } from '../../../stages/audio/mixed-radix-fft.ts';
import { WhisperLogMelSpectrogram } from '../../../stages/audio/whisper-log-mel.ts';

const value = fc.double({ min: -1, max: 1, noNaN: true });

describe('MixedRadixFft', () => {
  it('is the discrete Fourier transform, at any size', () => {
    const signals = fc
      .integer({ min: 1, max: 60 })
      .chain((size) => fc.array(fc.tuple(value, value), { minLength: size, maxLength: size }));
    fc.assert(
      fc.property(signals, (signal) => {
        const size = signal.length;
        const [real, imaginary] = [0, 1].map((part) => Float64Array.from(signal, (pair) => pair[part]));
        const out = [new Float64Array(size), new Float64Array(size)] as const;
        new MixedRadixFft(size).forward(real, imaginary, ...out);
        for (let k = 0; k < size; k++) {
          let [x, y] = [0, 0];
          for (let n = 0; n < size; n++) {
            const angle = (-2 * Math.PI * n * k) / size;
            x += real[n] * Math.cos(angle) - imaginary[n] * Math.sin(angle);
            y += real[n] * Math.sin(angle) + imaginary[n] * Math.cos(angle);
          }
          expect(out[0][k]).toBeCloseTo(x, 9);
          expect(out[1][k]).toBeCloseTo(y, 9);
        }
      }),
    );
  });
});

describe('WhisperLogMelSpectrogram', () => {
  const config = { sampling_rate: 16000, n_fft: 400, hop_length: 160, chunk_length: 30, n_samples: 480000 };
  const clip = (length: number, noise: number): Float32Array =>
    Float32Array.from({ length }, (_, n) => {
      const time = n / 16000;
      const tone = Math.sin(2 * Math.PI * (200 + 1500 * time) * time) * Math.exp(-2 * time);
      return 0.6 * tone + noise * Math.sin(n * n * 12.9898);
    });

  it.each([
    [80, 400, 0.1],
    [80, 1601, 0],
    [80, 33_333, 0.01],
    [128, 20_000, 0.001],
  ])('gives what transformers gives: %i bands, %i samples', async (bands, length, noise) => {
    const samples = clip(length, noise);
    const reference = new WhisperFeatureExtractor({ ...config, feature_size: bands, nb_max_frames: 3000 });
    const { input_features: expected } = await reference._call(samples, { max_length: length });
    const spectrogram = new WhisperLogMelSpectrogram({ sampleRate: 16000, nFft: 400, hopLength: 160, bands });
    const { frames, values } = spectrogram.compute(samples);
    expect([1, bands, frames]).toEqual(expected.dims);
    const differences = values.map((found, at) => Math.abs(found - (expected.data as Float32Array)[at]));
    expect(Math.max(...differences)).toBeLessThan(2e-5);
  });

  it('is flat for silence', () => {
    const spectrogram = new WhisperLogMelSpectrogram({
      sampleRate: 16000,
      nFft: 400,
      hopLength: 160,
      bands: 80,
    });
    expect(new Set(spectrogram.compute(new Float32Array(3200)).values)).toEqual(new Set([-1.5]));
  });
});
