import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Clip } from '../../../../stages/audio/clip.ts';
import {
  decodeFingerprint,
  encodeFingerprint,
  fingerprintOf,
} from '../../../../stages/audio/fingerprint/fingerprint.ts';
import { RecordingIndex } from '../../../../stages/audio/fingerprint/match.ts';
import { Preprocessor } from '../../../../stages/audio/preprocessor.ts';
import { decodeWav } from '../../../../stages/audio/wav/decode.ts';
import { synthesiseClip } from '../../../../stages/corpus/demo/clip.ts';
import { corpusLabels } from '../../../../stages/corpus/demo/clip-name.ts';
import { RandomState } from '../../../../stages/random/index.ts';
import { sine } from '../signals.ts';

/** Synthetic speech: two speakers, each emotion by each. */
const clips = corpusLabels(2, 1).map((label): Clip => ({
  samples: Float32Array.from(synthesiseClip(label, 48_000, 7)),
  sampleRate: 48_000,
}));

function at(sampleRate: number): (clip: Clip) => Clip {
  const preprocessor = new Preprocessor({ sampleRate, trimDb: null, normalize: 'none' });
  return (clip) => preprocessor.process(clip, 'clip');
}

function changed(change: (value: number) => number): (clip: Clip) => Clip {
  return ({ samples, sampleRate }) => ({ samples: samples.map(change), sampleRate });
}

function cut(start: number, end: number): (clip: Clip) => Clip {
  return ({ samples, sampleRate }) => ({
    samples: samples.slice(Math.round(start * sampleRate), samples.length - Math.round(end * sampleRate)),
    sampleRate,
  });
}

function noisy(decibels: number): (clip: Clip) => Clip {
  return ({ samples, sampleRate }) => {
    const random = new RandomState(1);
    const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
    const level = Math.sqrt(power / 10 ** (decibels / 10));
    return { samples: samples.map((value) => value + level * random.normal()), sampleRate };
  };
}

/** G.711's curve, in 8 bits. */
function muLaw(value: number): number {
  const level = Math.log1p(255 * Math.min(1, Math.abs(value))) / Math.log1p(255);
  return (Math.sign(value) * Math.expm1((Math.round(127 * level) / 127) * Math.log1p(255))) / 255;
}

const copies: Record<string, (clip: Clip) => Clip> = {
  'at −20 dB in 16 bits': changed((value) => Math.round(value * 0.1 * 32_768) / 32_768),
  'at 44.1 kHz': at(44_100),
  'at 16 kHz': at(16_000),
  'at 8 kHz': at(8000),
  'without the first 100 ms': cut(0.1, 0),
  'without the last 100 ms and the first 37': cut(0.037, 0.1),
  'with noise at 30 dB': noisy(30),
  'as µ-law at 8 kHz': (clip) => changed(muLaw)(at(8000)(clip)),
  'with the sign turned': changed((value) => -value),
};

function matches(prints: readonly Clip[]): [number, number][] {
  const index = new RecordingIndex();
  return prints.flatMap((clip, place) =>
    index.add(fingerprintOf(clip)).map((other): [number, number] => [other, place]),
  );
}

describe('the fingerprint of a recording', () => {
  it.each(Object.entries(copies))('is known again %s', (_, copy) => {
    const known = clips.filter((clip) => matches([clip, copy(clip)]).length === 1);
    expect(known.length).toBeGreaterThanOrEqual(0.9 * clips.length);
  });

  it('is not that of another clip, nor of another speaker', () => {
    expect(matches(clips)).toEqual([]);
  });

  const recordings = '../shared/ravdess-mini';
  (existsSync(recordings) ? it : it.skip)('tells two takes of a sentence by one actor apart', () => {
    const files = readdirSync(recordings).filter((name) => name.endsWith('.wav'));
    expect(files.length).toBeGreaterThan(0);
    const read = files.map((name) => decodeWav(readFileSync(`${recordings}/${name}`), name));
    expect(matches(read)).toEqual([]);
  });

  it('is nothing of silence, and takes no tone for another', () => {
    const silence = { samples: new Float32Array(48_000), sampleRate: 48_000 };
    expect(encodeFingerprint(fingerprintOf(silence))).toBe('');
    expect(decodeFingerprint('')).toBeUndefined();
    const tones = [0, 1, 2].map((phase) => ({
      samples: sine(440, 16_000, 32_000, phase),
      sampleRate: 16_000,
    }));
    expect(matches(tones)).toEqual([]);
  });

  it('is the same after it was written and read', () => {
    const print = fingerprintOf(clips[0]);
    const read = decodeFingerprint(encodeFingerprint(print));
    expect(read?.signs).toEqual(print.signs);
    expect(read?.loud).toEqual(print.loud);
    for (const [place, peak] of print.peaks.entries()) expect(read?.peaks[place]).toBeCloseTo(peak, 1);
    expect(decodeFingerprint('no print')).toBeUndefined();
  });
});
