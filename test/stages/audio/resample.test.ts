import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { kernels } from '../../../stages/audio/kernels/kernels.ts';
import { createResampler } from '../../../stages/audio/resample/resampler.ts';
import { greatestDifference } from './distance.ts';
import { librosaFixture } from './librosa-fixture.ts';
import { signal, sine } from './signals.ts';

function resample(samples: Float32Array, from: number, to: number): Float32Array {
  const resampler = createResampler(from, to);
  const memory = kernels();
  return memory.within((allocate) => {
    const { pointer, length } = resampler.resample(samples, allocate);
    return memory.floats(pointer, length).slice();
  });
}

const RATIOS: readonly (readonly [number, number])[] = [
  [48_000, 16_000],
  [44_100, 16_000],
  [22_050, 16_000],
  [8_000, 16_000],
  [96_000, 48_000],
  [16_000, 48_000],
  [44_100, 48_000],
  [48_000, 44_100],
  [32_000, 48_000],
  [96_000, 16_000],
  [8_000, 48_000],
  [11_025, 48_000],
  [88_200, 16_000],
  [88_200, 48_000],
];

/** The middle of a clip, where neither end is heard. */
function middle(samples: Float32Array): Float32Array {
  return samples.slice(Math.floor(samples.length / 3), Math.ceil((samples.length * 2) / 3));
}

/** Amplitude of the least-squares sinusoid of a frequency, and what is left without it, as root mean square. */
function fitSine(samples: Float32Array, hertz: number, rate: number): { amplitude: number; rest: number } {
  const cosine = sine(hertz, rate, samples.length, Math.PI / 2);
  const quadrature = sine(hertz, rate, samples.length);
  const cc = dot(cosine, cosine);
  const ss = dot(quadrature, quadrature);
  const cs = dot(cosine, quadrature);
  const cy = dot(cosine, samples);
  const sy = dot(quadrature, samples);
  const determinant = cc * ss - cs * cs;
  const a = (cy * ss - sy * cs) / determinant;
  const b = (sy * cc - cy * cs) / determinant;
  const rest = samples.map((y, n) => y - a * cosine[n] - b * quadrature[n]);
  return { amplitude: Math.hypot(a, b), rest: Math.sqrt(dot(rest, rest) / rest.length) };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}

const decibels = (amplitude: number): number => 20 * Math.log10(amplitude);

describe.each(RATIOS)('resampling %i Hz to %i Hz', (from, to) => {
  const lowerNyquist = Math.min(from, to) / 2;
  const seconds = 0.1;

  it('has a pass band flat to 0.01 dB up to 0.9 of the lower Nyquist frequency, and no images of it', () => {
    for (const part of [0.011, 0.1, 0.3, 0.52, 0.7, 0.8, 0.85, 0.9]) {
      const hertz = part * lowerNyquist;
      const output = middle(resample(sine(hertz, from, from * seconds), from, to));
      const { amplitude, rest } = fitSine(output, hertz, to);
      expect(Math.abs(decibels(amplitude))).toBeLessThan(0.01);
      expect(decibels(rest)).toBeLessThan(-120);
    }
  });

  if (from > to) {
    it('lets less than -120 dB of what lies above the new Nyquist frequency through', () => {
      for (const part of [0, 0.01, 0.05, 0.2, 0.5, 0.9]) {
        const hertz = lowerNyquist + part * (from / 2 - lowerNyquist);
        const output = middle(resample(sine(hertz, from, from * seconds), from, to));
        expect(decibels(Math.sqrt((2 * dot(output, output)) / output.length))).toBeLessThan(-120);
      }
    });
  }

  it('gives back a signal within the band when resampled there and back', () => {
    const hertz = [0.07, 0.31, 0.66].map((part) => part * lowerNyquist);
    const input = Float32Array.from({ length: from * seconds }, (_, n) =>
      hertz.reduce((sum, f, index) => sum + 0.3 * Math.sin((2 * Math.PI * f * n) / from + index), 0),
    );
    const back = resample(resample(input, from, to), to, from).subarray(0, input.length);
    expect(greatestDifference(middle(back), middle(input))).toBeLessThan(1e-4);
  });
});

describe('resampling against soxr_hq', () => {
  it.each(librosaFixture.resamplings)('$rate Hz to $target Hz', (fixture) => {
    const { rate, target, count, seed, length, from, samples } = fixture;
    const output = resample(signal('voice', rate, count, seed), rate, target);
    expect(output).toHaveLength(length);
    const part = output.subarray(from, from + samples.length);
    expect(greatestDifference(part, samples)).toBeLessThan(2e-5);
  });
});

describe('resampling', () => {
  it('is linear and does not depend on what was resampled before', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RATIOS),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 1000 }),
        ([from, to], count, seed) => {
          const a = signal('noise', from, count, seed);
          const b = signal('noise', from, count, seed + 1);
          const sum = resample(
            a.map((value, index) => value + 2 * b[index]),
            from,
            to,
          );
          const ofB = resample(b, from, to);
          const expected = resample(a, from, to).map((value, index) => value + 2 * ofB[index]);
          expect(sum).toHaveLength(Math.ceil((count * to) / from));
          expect(greatestDifference(sum, expected)).toBeLessThan(3e-6);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes ratios of large numbers', () => {
    const output = middle(resample(sine(440, 44_100, 11_025), 44_100, 15_999));
    const { amplitude, rest } = fitSine(output, 440, 15_999);
    expect(Math.abs(decibels(amplitude))).toBeLessThan(0.01);
    expect(decibels(rest)).toBeLessThan(-110);
  });

  it('leaves a clip of the right rate as it is', () => {
    const samples = signal('noise', 16_000, 777, 1);
    expect(resample(samples, 16_000, 16_000)).toEqual(samples);
  });
});
