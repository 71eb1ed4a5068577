import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Preprocessor, type PreprocessedClip } from '../../../../stages/audio/preprocessor.ts';
import { decodeWav } from '../../../../stages/audio/wav/decode.ts';
import { DescriptorExtractor } from '../../../../stages/features/acoustic/descriptors.ts';
import {
  acousticParams,
  STATISTICS,
  type DescriptorName,
} from '../../../../stages/features/acoustic/params.ts';
import { statisticsOverTime } from '../../../../stages/features/acoustic/statistics.ts';
import { greatestDifference } from '../../audio/distance.ts';
import { librosaFixture, type DescriptorCase } from '../../audio/librosa-fixture.ts';
import { signal } from '../../audio/signals.ts';

function preprocessed(samples: Float32Array, rate: number, sampleRate: number): PreprocessedClip {
  const preprocessor = new Preprocessor({ sampleRate, trimDb: 20, normalize: 'peak' });
  return preprocessor.process({ samples, sampleRate: rate }, 'clip');
}

function extract(
  clip: PreprocessedClip,
  coefficients: number,
  descriptors: DescriptorName[],
): Float32Array[] {
  const params = acousticParams.parse({ coefficients, descriptors });
  return new DescriptorExtractor(params, clip.sampleRate).compute(clip.samples, 'clip');
}

describe('frames against librosa', () => {
  const cases = librosaFixture.studies.filter(({ perFrame }) => perFrame !== undefined);
  it.each(cases)('$kind, $coefficients coefficients at $target Hz', (fixture) => {
    const { kind, rate, count, seed, target, coefficients, perFrame } = fixture;
    const clip = preprocessed(signal(kind, rate, count, seed), rate, target);
    const [mfcc, delta, delta2, mel] = extract(clip, coefficients, ['mfcc', 'delta', 'delta2', 'mel']);
    expect(greatestDifference(mfcc, perFrame!.mfcc)).toBeLessThan(5e-4);
    expect(greatestDifference(delta, perFrame!.delta)).toBeLessThan(5e-4);
    expect(greatestDifference(delta2, perFrame!.delta2)).toBeLessThan(5e-4);
    expect(greatestDifference(mel, perFrame!.mel)).toBeLessThan(5e-4);
  });

  it.each<[keyof DescriptorCase & DescriptorName, number]>([
    ['chroma', 1e-5],
    ['contrast', 1e-3],
    ['zeroCrossingRate', 1e-7],
    ['rms', 1e-6],
    ['pitch', 1e-3],
  ])('%s', (name, tolerance) => {
    for (const fixture of librosaFixture.descriptors) {
      const { rate, count, seed } = fixture;
      const clip = preprocessed(signal('voice', rate, count, seed), rate, rate);
      const [actual] = extract(clip, 13, [name]);
      expect(greatestDifference(actual, fixture[name])).toBeLessThan(tolerance);
    }
  });

  it.each(STATISTICS)('%s over time', (statistic) => {
    for (const { rate, count, seed, statistics } of librosaFixture.descriptors) {
      const [mfcc] = extract(preprocessed(signal('voice', rate, count, seed), rate, rate), 13, ['mfcc']);
      const actual = statisticsOverTime(mfcc, 13, [statistic]);
      expect(greatestDifference(actual, statistics[statistic])).toBeLessThan(2e-4);
    }
  });
});

const SHARED = '../shared';

describe('frames of real speech against librosa', () => {
  const present = existsSync(path.join(SHARED, 'reference')) && existsSync(path.join(SHARED, 'ravdess-mini'));
  if (!present) {
    it.skip(`needs ${SHARED}/reference and ${SHARED}/ravdess-mini, which are not here`, () => undefined);
    return;
  }
  it.each([
    [48_000, 40],
    [16_000, 13],
  ])('%i Hz, %i coefficients', (sampleRate, coefficients) => {
    const stem = path.join(SHARED, 'reference', `librosa-${sampleRate}-${coefficients}`);
    const { files } = JSON.parse(readFileSync(`${stem}.json`, 'utf8')) as { files: string[] };
    const bytes = readFileSync(`${stem}-mfcc.f32`);
    const reference = new Float32Array(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    );
    const params = acousticParams.parse({ coefficients, descriptors: ['mfcc'] });
    const extractor = new DescriptorExtractor(params, sampleRate);
    let offset = 0;
    for (const name of files) {
      const recording = decodeWav(readFileSync(path.join(SHARED, 'ravdess-mini', name)), name);
      const clip = preprocessed(recording.samples, recording.sampleRate, sampleRate);
      const [mfcc] = extractor.compute(clip.samples, name);
      const expected = reference.subarray(offset, offset + mfcc.length);
      expect(greatestDifference(mfcc, expected)).toBeLessThan(5e-4);
      offset += mfcc.length;
    }
    expect(offset).toBe(reference.length);
  });
});
