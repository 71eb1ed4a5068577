import { describe, expect, it } from '@jest/globals';
import { dctMatrix } from '../../../stages/audio/dct.ts';
import { delta, deltaMeanWeights } from '../../../stages/audio/delta.ts';
import { hertzToMel, melBank, melToHertz } from '../../../stages/audio/mel.ts';
import { Spectrogram } from '../../../stages/audio/spectrogram.ts';
import { hannWindow } from '../../../stages/audio/window.ts';
import { greatestDifference } from './distance.ts';
import { signal } from './signals.ts';

/** |STFT|² of one centred frame by the definition. */
function naivePowers(samples: Float32Array, centre: number, nFft: number): Float64Array {
  const window = hannWindow(nFft);
  const cosines = Float64Array.from({ length: nFft }, (_, n) => Math.cos((2 * Math.PI * n) / nFft));
  return Float64Array.from({ length: nFft / 2 + 1 }, (_, bin) => {
    let re = 0;
    let im = 0;
    for (let n = 0; n < nFft; n++) {
      const value = (samples[centre - nFft / 2 + n] as number | undefined) ?? 0;
      const angle = (bin * n) % nFft;
      re += value * window[n] * cosines[angle];
      im += value * window[n] * cosines[(angle + nFft / 4) % nFft];
    }
    return re * re + im * im;
  });
}

describe('Spectrogram', () => {
  it.each([
    [64, 16, 200],
    [128, 128, 1],
    [256, 100, 999],
    [512, 77, 1000],
    [2048, 512, 5000],
  ])('equals the DFT by its definition: frames of %i each %i, %i samples', (nFft, hopLength, count) => {
    const samples = signal('noise', 16_000, count, 5);
    const spectrogram = new Spectrogram({ nFft, hopLength });
    const powers = spectrogram.powers(samples, 'clip');
    const frames = spectrogram.frameCount(count);
    expect(powers).toHaveLength(frames * spectrogram.bins);
    for (let frame = 0; frame < frames; frame += Math.ceil(frames / 7)) {
      const expected = naivePowers(samples, frame * hopLength, nFft);
      const actual = powers.subarray(frame * spectrogram.bins, (frame + 1) * spectrogram.bins);
      const scale = Math.max(...expected);
      expect(greatestDifference(actual, expected) / scale).toBeLessThan(1e-7);
    }
  });

  it('names the clip and the sample where one is not finite', () => {
    const samples = signal('noise', 16_000, 3000, 5);
    samples[1234] = Number.NaN;
    expect(() => new Spectrogram({ nFft: 512, hopLength: 128 }).powers(samples, 'a.wav')).toThrow(
      expect.objectContaining({
        name: 'StageFailure',
        message: 'sample 1234 of 3000 is NaN',
        place: 'a.wav',
      }),
    );
  });
});

describe('the mel scale', () => {
  it('is linear below 1 kHz, logarithmic above, and its own inverse', () => {
    expect(hertzToMel(500)).toBeCloseTo(7.5, 12);
    expect(hertzToMel(6400)).toBeCloseTo(42, 12);
    for (const hertz of [0, 60, 999, 1000, 1001, 23_999])
      expect(melToHertz(hertzToMel(hertz))).toBeCloseTo(hertz, 8);
  });

  it('makes filters of unit area that cover neighbouring bands', () => {
    const { bands, offsets, starts, weights } = melBank({ sampleRate: 48_000, nFft: 65_536, bands: 40 });
    for (let band = 0; band < bands; band++) {
      const area = weights
        .subarray(offsets[band], offsets[band + 1])
        .reduce((sum, weight) => sum + weight, 0);
      expect((area * 48_000) / 65_536).toBeCloseTo(1, 2);
      if (band > 0) expect(starts[band]).toBeGreaterThan(starts[band - 1]);
    }
  });
});

describe('the DCT', () => {
  it('is orthonormal', () => {
    const matrix = dctMatrix(20, 20);
    const row = (index: number): Float64Array => matrix.subarray(20 * index, 20 * index + 20);
    for (let a = 0; a < 20; a++) {
      for (let b = 0; b < 20; b++) {
        const product = row(a).reduce((sum, value, index) => sum + value * row(b)[index], 0);
        expect(product).toBeCloseTo(a === b ? 1 : 0, 12);
      }
    }
  });
});

describe('deltas', () => {
  const WIDTH = 3;
  const frames = (count: number, value: (t: number, index: number) => number): Float32Array =>
    Float32Array.from({ length: count * WIDTH }, (_, n) => value(Math.floor(n / WIDTH), n % WIDTH));

  it('are the slope of a line, and twice the curvature of a parabola', () => {
    const line = frames(20, (t, index) => (index + 1) * t + 5);
    expect(
      Array.from(delta(line, WIDTH, 1)).every((value, n) => Math.abs(value - ((n % WIDTH) + 1)) < 1e-5),
    ).toBe(true);
    expect(greatestDifference(delta(line, WIDTH, 2), new Float32Array(line.length))).toBeLessThan(1e-5);
    const parabola = frames(20, (t) => t * t);
    expect(greatestDifference(delta(parabola, WIDTH, 2), new Float32Array(60).fill(2))).toBeLessThan(1e-4);
  });

  it.each([9, 10, 17, 100])('have the means over %i frames that the weights give', (count) => {
    const noise = signal('noise', 16_000, count * WIDTH, count);
    for (const order of [1, 2] as const) {
      const deltas = delta(noise, WIDTH, order);
      const weights = deltaMeanWeights(count, order);
      for (let index = 0; index < WIDTH; index++) {
        let mean = 0;
        let weighted = 0;
        for (let t = 0; t < count; t++) {
          mean += deltas[t * WIDTH + index] / count;
          weighted += weights[t] * noise[t * WIDTH + index];
        }
        expect(weighted).toBeCloseTo(mean, 7);
      }
      // All but the frames near the ends cancel.
      if (count > 18) expect(weights.slice(9, count - 9).every((weight) => weight === 0)).toBe(true);
    }
  });
});
