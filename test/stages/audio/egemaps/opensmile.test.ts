import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { smoothed, smoothedNonZero } from '../../../../stages/audio/egemaps/contours.ts';
import { DescriptorAnalysis } from '../../../../stages/audio/egemaps/descriptors.ts';
import { FUNCTIONALS, functionals } from '../../../../stages/audio/egemaps/functionals.ts';
import { Preprocessor } from '../../../../stages/audio/preprocessor.ts';
import { decodeWav } from '../../../../stages/audio/wav/decode.ts';
import { signal } from '../signals.ts';
import { egemapsFixture } from './fixture.ts';

/** Functionals that do not depend on the pitch: these agree on every clip. */
const EXACT = /^(loudness_sma3_(amean|stddevNorm|pct)|spectralFlux_sma3_|mfcc\d_sma3_|equivalentSoundLevel)/;

describe('contours against openSMILE', () => {
  it.each(egemapsFixture.cases)('$kind at $rate Hz', ({ kind, rate, count, seed, contours }) => {
    const frames = new DescriptorAnalysis(rate).analyse(signal(kind, rate, count, seed));
    const expectClose = (name: string, actual: Float64Array, tolerance: number, share: number): void => {
      const length = Math.min(frames.pitch.length, contours[name].length);
      const scale = Math.max(...contours[name].map(Math.abs));
      const close = Array.from(
        { length },
        (_, k) => Math.abs(actual[k] - contours[name][k]) <= tolerance * scale,
      );
      const isEnough = close.filter(Boolean).length >= share * length;
      expect({ name, isEnough }).toEqual({ name, isEnough: true });
    };
    expectClose('Loudness_sma3', smoothed(frames.loudness), 1e-5, 1);
    expectClose('alphaRatio_sma3', smoothed(frames.alphaRatio), 1e-4, 1);
    expectClose('hammarbergIndex_sma3', smoothed(frames.hammarbergIndex), 1e-4, 1);
    expectClose('slope0-500_sma3', smoothed(frames.slope0To500), 1e-4, 1);
    expectClose('slope500-1500_sma3', smoothed(frames.slope500To1500), 1e-4, 1);
    expectClose('spectralFlux_sma3', smoothed(frames.spectralFlux), 1e-5, 1);
    frames.mfcc.forEach((contour, index) => {
      expectClose(`mfcc${index + 1}_sma3`, smoothed(contour), 1e-4, 1);
    });
    const semitones = frames.pitch.map((hertz) => (hertz > 0 ? 12 * Math.log2(hertz / 27.5) : 0));
    expectClose('F0semitoneFrom27.5Hz_sma3nz', smoothedNonZero(semitones), 1e-3, 0.9);
    frames.formantFrequency.forEach((contour, index) => {
      expectClose(`F${index + 1}frequency_sma3nz`, smoothedNonZero(contour), 1e-2, 0.9);
    });
  });
});

describe('functionals', () => {
  it('have openSMILE’s names and order', () => {
    const offered = new Set(FUNCTIONALS.map(({ name }) => name));
    expect(egemapsFixture.names.filter((name) => offered.has(name))).toEqual([...offered]);
    expect(offered.size).toBe(63);
  });

  it.each(egemapsFixture.cases)('of $kind at $rate Hz are openSMILE’s', (each) => {
    const { kind, rate, count, seed } = each;
    const frames = new DescriptorAnalysis(rate).analyse(signal(kind, rate, count, seed));
    for (const { name, value } of functionals(frames)) {
      const expected = each.functionals[name];
      if (EXACT.test(name))
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-4 * Math.abs(expected) + 1e-6);
    }
  });

  const folder = '../shared/ravdess-mini';
  if (!existsSync(folder)) {
    it.skip(`needs ${folder}, which is not here`, () => undefined);
    return;
  }
  it('of recordings are openSMILE’s, or near where they depend on the pitch', () => {
    const { names, recordings } = egemapsFixture;
    const preprocessor = new Preprocessor({ sampleRate: 16_000, trimDb: 20, normalize: 'none' });
    const analysis = new DescriptorAnalysis(16_000);
    const values = recordings.map(({ file }) => {
      const clip = preprocessor.process(decodeWav(readFileSync(path.join(folder, file)), file), file);
      return functionals(analysis.analyse(clip.samples));
    });
    FUNCTIONALS.forEach(({ name }, index) => {
      const actual = values.map((of) => of[index].value);
      const expected = recordings.map((of) => of.functionals[names.indexOf(name)]);
      if (EXACT.test(name)) {
        // Resampled clips differ by 4e-7, which moves few of the 16-bit integers.
        actual.forEach((value, clip) => {
          expect(Math.abs(value - expected[clip])).toBeLessThanOrEqual(
            2e-3 * Math.abs(expected[clip]) + 1e-3,
          );
        });
      } else {
        expect({ name, isNear: correlation(actual, expected) > 0.97 }).toEqual({ name, isNear: true });
      }
    });
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, index) => (value - meanA) * (b[index] - meanB)));
  const varianceA = mean(a.map((value) => (value - meanA) ** 2));
  const varianceB = mean(b.map((value) => (value - meanB) ** 2));
  return covariance / Math.sqrt(varianceA * varianceB);
}
