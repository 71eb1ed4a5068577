import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Preprocessor } from '../../../../stages/audio/preprocessor.ts';
import { decodeWav } from '../../../../stages/audio/wav/decode.ts';
import { mfccParams } from '../../../../stages/features/mfcc/params.ts';
import { MfccVector } from '../../../../stages/features/mfcc/vector.ts';
import { greatestDifference } from '../../audio/distance.ts';
import { librosaFixture } from '../../audio/librosa-fixture.ts';
import { signal } from '../../audio/signals.ts';

const preprocessorAt = (sampleRate: number): Preprocessor =>
  new Preprocessor({ sampleRate, trimDb: 20, normalize: 'peak' });

/** Silence has a first coefficient of -1131, whose last place as a float32 is 1.2e-4. */
function tolerance(vector: readonly number[]): number {
  return Math.max(1e-4, 2 ** -22 * Math.max(...vector.map(Math.abs)));
}

describe('the vector of a clip against librosa', () => {
  it.each(librosaFixture.studies)(
    '$kind, $count samples at $rate Hz, $coefficients coefficients at $target Hz',
    ({ kind, rate, count, seed, target, coefficients, checksum, trim, frames, vector }) => {
      const samples = signal(kind, rate, count, seed);
      expect(samples.reduce((sum, value) => sum + value * 32_768, 0)).toBe(checksum);
      const clip = preprocessorAt(target).process({ samples, sampleRate: rate }, 'clip');
      expect([clip.trimStart, clip.trimEnd]).toEqual(trim);
      const actual = new MfccVector(mfccParams.parse({ coefficients }), target).compute(clip.samples, 'clip');
      expect(actual.frames).toBe(frames);
      expect(greatestDifference(actual.features, vector)).toBeLessThan(tolerance(vector));
    },
  );
});

const SHARED = '../shared';
const REFERENCES = [
  { sampleRate: 48_000, coefficients: 40 },
  { sampleRate: 16_000, coefficients: 13 },
];

interface Reference {
  readonly files: readonly string[];
  readonly X: readonly (readonly number[])[];
  readonly trim: readonly (readonly [number, number])[];
  readonly frames: readonly number[];
}

describe('real speech against librosa', () => {
  const present = existsSync(path.join(SHARED, 'reference')) && existsSync(path.join(SHARED, 'ravdess-mini'));
  if (!present) {
    it.skip(`needs ${SHARED}/reference and ${SHARED}/ravdess-mini, which are not here`, () => undefined);
    return;
  }
  it.each(REFERENCES)('$sampleRate Hz, $coefficients coefficients', ({ sampleRate, coefficients }) => {
    const file = path.join(SHARED, 'reference', `librosa-${sampleRate}-${coefficients}.json`);
    const reference = JSON.parse(readFileSync(file, 'utf8')) as Reference;
    const preprocessor = preprocessorAt(sampleRate);
    const vector = new MfccVector(mfccParams.parse({ coefficients }), sampleRate);
    reference.files.forEach((name, index) => {
      const recording = decodeWav(readFileSync(path.join(SHARED, 'ravdess-mini', name)), name);
      const clip = preprocessor.process(recording, name);
      expect([clip.trimStart, clip.trimEnd]).toEqual(reference.trim[index]);
      const { features, frames } = vector.compute(clip.samples, name);
      expect(frames).toBe(reference.frames[index]);
      expect(greatestDifference(features, reference.X[index])).toBeLessThan(1e-4);
    });
    expect(reference.files).toHaveLength(64);
  });
});
