import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { betaCumulative } from '../../../../stages/audio/pyin/beta-distribution.ts';
import type { PyinOptions } from '../../../../stages/audio/pyin/options.ts';
import { PitchPath } from '../../../../stages/audio/pyin/pitch-path.ts';
import { Pyin, type PitchTrack } from '../../../../stages/audio/pyin/pyin.ts';
import { Preprocessor } from '../../../../stages/audio/preprocessor.ts';
import { decodeWav } from '../../../../stages/audio/wav/decode.ts';
import { greatestDifference } from '../distance.ts';
import { signal, sine, type SignalKind } from '../signals.ts';
import { likeliestPath } from './dense-path.ts';

interface Track {
  readonly rate: number;
  /** Of pitch, above the lowest. */
  readonly bins: readonly number[];
  readonly voiced: readonly number[];
  readonly probability: readonly number[];
}

interface Case extends Track {
  readonly kind: SignalKind;
  readonly count: number;
  readonly seed: number;
  readonly hop: number;
  readonly fmin: number;
  readonly fmax: number;
  readonly options: Readonly<Record<string, number | [number, number]>>;
}

const { cases, recordings, beta } = JSON.parse(readFileSync('test/fixtures/pyin.json', 'utf8')) as {
  cases: Case[];
  recordings: (Track & { file: string })[];
  beta: { a: number; b: number; cdf: number[] }[];
};

const DEFAULTS: PyinOptions = {
  thresholds: 100,
  betaParameters: [2, 18],
  boltzmannParameter: 2,
  resolution: 0.1,
  maxTransitionRate: 35.92,
  switchProbability: 0.01,
  noTroughProbability: 0.01,
};

function ours({ options }: Case): PyinOptions {
  const given = {
    thresholds: options.n_thresholds,
    betaParameters: options.beta_parameters,
    boltzmannParameter: options.boltzmann_parameter,
    resolution: options.resolution,
    maxTransitionRate: options.max_transition_rate,
    switchProbability: options.switch_prob,
    noTroughProbability: options.no_trough_prob,
  };
  return {
    ...DEFAULTS,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}

/** Voicing and probabilities of all frames, and the pitch of voiced ones; guesses of the others may be ties. */
function expectTrack(actual: PitchTrack, expected: Track, lowest: number, resolution: number): void {
  expect([...actual.voiced]).toEqual(expected.voiced);
  expect(greatestDifference(actual.voicedProbability, expected.probability)).toBeLessThan(1e-6);
  const binsPerOctave = 12 * Math.ceil(1 / resolution);
  const bins = Array.from(actual.frequencies, (hertz) =>
    Math.round(binsPerOctave * Math.log2(hertz / lowest)),
  );
  const ofVoiced = (all: readonly number[]): number[] =>
    all.filter((_, frame) => expected.voiced[frame] === 1);
  expect(ofVoiced(bins)).toEqual(ofVoiced(expected.bins));
  const exact = bins.map((bin) => lowest * 2 ** (bin / binsPerOctave));
  expect(greatestDifference(actual.frequencies, exact)).toBeLessThan(1e-4);
}

describe('pYIN against librosa', () => {
  it.each(cases.map((each, index) => ({ index, ...each })))('$index: $kind at $rate Hz', (each) => {
    const { kind, rate, count, seed, hop, fmin, fmax } = each;
    const options = ours(each);
    const pyin = new Pyin(
      options,
      { lowest: fmin, highest: fmax },
      { nFft: 2048, hopLength: hop },
      rate,
      'clip',
    );
    expectTrack(pyin.track(signal(kind, rate, count, seed), 'clip'), each, fmin, options.resolution);
  });

  it('was given signals with and without voice', () => {
    const shares = cases.map(({ voiced }) => voiced.reduce((sum, flag) => sum + flag, 0) / voiced.length);
    expect(Math.max(...shares)).toBeGreaterThan(0.4);
    expect(Math.min(...shares)).toBe(0);
  });

  const folder = '../shared/ravdess-mini';
  if (!existsSync(folder)) {
    it.skip(`needs ${folder}, which is not here`, () => undefined);
  } else {
    it.each(recordings)('$file at $rate Hz', ({ file, ...expected }) => {
      const preprocessor = new Preprocessor({ sampleRate: expected.rate, trimDb: 20, normalize: 'peak' });
      const clip = preprocessor.process(decodeWav(readFileSync(path.join(folder, file)), file), file);
      const frames = { nFft: 2048, hopLength: 512 };
      const pyin = new Pyin(DEFAULTS, { lowest: 65, highest: 500 }, frames, expected.rate, file);
      const actual = pyin.track(clip.samples, file);
      expect([...actual.voiced]).toEqual(expected.voiced);
      // The resampled clips differ by 4e-7, so a trough may lie on the other side of a threshold.
      expect(greatestDifference(actual.voicedProbability, expected.probability)).toBeLessThan(1e-4);
      const voicedBins = Array.from(actual.frequencies, (hertz) => Math.round(120 * Math.log2(hertz / 65)));
      const isVoiced = (_: number, frame: number): boolean => expected.voiced[frame] === 1;
      expect(voicedBins.filter(isVoiced)).toEqual(expected.bins.filter(isVoiced));
    });
  }
});

describe('pYIN', () => {
  it('follows a tone of any pitch to within a few bins, and finds it voiced', () => {
    fc.assert(
      fc.property(fc.double({ min: 80, max: 480, noNaN: true }), (hertz) => {
        const frames = { nFft: 2048, hopLength: 512 };
        const track = new Pyin(DEFAULTS, { lowest: 65, highest: 500 }, frames, 16_000, 'clip').track(
          sine(hertz, 16_000, 8000),
          'clip',
        );
        const middle = 8;
        expect(track.voiced[middle]).toBe(1);
        expect(Math.abs(12 * Math.log2(track.frequencies[middle] / hertz))).toBeLessThan(0.25);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a damaged clip', () => {
    const samples = sine(200, 16_000, 4000);
    samples[1234] = Number.NaN;
    const frames = { nFft: 2048, hopLength: 512 };
    const pyin = new Pyin(DEFAULTS, { lowest: 65, highest: 500 }, frames, 16_000, 'clip');
    expect(() => pyin.track(samples, 'a.wav')).toThrow(
      expect.objectContaining({ message: 'sample 1234 of 4000 is NaN', place: 'a.wav' }),
    );
  });

  it('says which settings let any pitch follow any', () => {
    const make = (): Pyin =>
      new Pyin(DEFAULTS, { lowest: 200, highest: 300 }, { nFft: 2048, hopLength: 512 }, 8000, 'a.wav');
    expect(make).toThrow(
      expect.objectContaining({
        message: 'from frame to frame the pitch may change by 28 semitones, more than from 200 to 300 Hz',
        place: 'a.wav',
        hint: 'lower hopLength or pyin.maxTransitionRate',
      }),
    );
  });
});

describe('the path of pitch', () => {
  it('is as likely as that of the whole matrix of transitions', () => {
    const cell = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1, noNaN: true }));
    const observations = fc.integer({ min: 1, max: 6 }).chain((frames) =>
      fc.record({
        voiced: fc.array(cell, { minLength: 9 * frames, maxLength: 9 * frames }),
        unvoiced: fc.array(cell, { minLength: frames, maxLength: frames }),
      }),
    );
    const options = fc.record({
      bins: fc.constant(9),
      transitionWidth: fc.integer({ min: 1, max: 9 }),
      switchProbability: fc.double({ min: 0.001, max: 0.9, noNaN: true }),
    });
    fc.assert(
      fc.property(options, observations, (given, { voiced, unvoiced }) => {
        const dense = likeliestPath(given, voiced, unvoiced);
        const states = new PitchPath(given).decode(Float64Array.from(voiced), Float64Array.from(unvoiced));
        expect(dense.likelihoodOf([...states])).toBeCloseTo(dense.likelihood, 6);
      }),
    );
  });
});

it.each(beta)('the beta distribution of $a and $b is scipy’s', ({ a, b, cdf }) => {
  const actual = cdf.map((_, k) => betaCumulative(k / (cdf.length - 1), a, b));
  expect(greatestDifference(actual, cdf)).toBeLessThan(1e-13);
});
