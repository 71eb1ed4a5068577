import { readFileSync } from 'node:fs';
import type { SignalKind } from './signals.ts';

export interface StudyCase {
  readonly kind: SignalKind;
  readonly rate: number;
  readonly count: number;
  readonly seed: number;
  readonly target: number;
  readonly coefficients: number;
  /** The sum of the samples as 16-bit integers: both sides made the same signal. */
  readonly checksum: number;
  readonly trim: readonly [number, number];
  readonly frames: number;
  readonly vector: readonly number[];
  /** Frame-major. */
  readonly perFrame?: Readonly<Record<'mfcc' | 'delta' | 'delta2' | 'mel', readonly number[]>>;
}

export interface ResamplingCase {
  readonly rate: number;
  readonly count: number;
  readonly seed: number;
  readonly target: number;
  readonly length: number;
  /** Where in the output `samples` lie. */
  readonly from: number;
  readonly samples: readonly number[];
}

export interface DescriptorCase {
  readonly rate: number;
  readonly count: number;
  readonly seed: number;
  /** Frame-major. */
  readonly chroma: readonly number[];
  readonly contrast: readonly number[];
  readonly zeroCrossingRate: readonly number[];
  readonly rms: readonly number[];
  readonly pitch: readonly number[];
  /** Of 13 coefficients over time. */
  readonly statistics: Readonly<
    Record<'mean' | 'std' | 'min' | 'p10' | 'p25' | 'p50' | 'p75' | 'p90' | 'max', readonly number[]>
  >;
}

interface Effect {
  readonly length: number;
  /** Samples 3,000 to 3,200 of the result. */
  readonly samples: readonly number[];
}

export interface EffectCase {
  readonly rate: number;
  readonly count: number;
  readonly seed: number;
  readonly stretched: readonly (Effect & { readonly factor: number })[];
  readonly shifted: readonly (Effect & { readonly semitones: number })[];
}

interface LibrosaFixture {
  readonly effects: EffectCase;
  readonly descriptors: readonly DescriptorCase[];
  readonly studies: readonly StudyCase[];
  readonly resamplings: readonly ResamplingCase[];
}

/** What librosa makes of the signals of signals.ts. */
export const librosaFixture = JSON.parse(
  readFileSync('test/fixtures/librosa.json', 'utf8'),
) as LibrosaFixture;
