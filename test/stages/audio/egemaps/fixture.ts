import { readFileSync } from 'node:fs';
import type { SignalKind } from '../signals.ts';

export interface EgemapsCase {
  readonly kind: SignalKind;
  readonly rate: number;
  readonly count: number;
  readonly seed: number;
  /** By openSMILE's names; contours are smoothed. */
  readonly functionals: Readonly<Record<string, number>>;
  readonly contours: Readonly<Record<string, readonly number[]>>;
}

export interface EgemapsRecording {
  readonly file: string;
  /** In the order of `names`. */
  readonly functionals: readonly number[];
}

/** What openSMILE makes of the signals of signals.ts and of recordings at 16 kHz. */
export const egemapsFixture = JSON.parse(readFileSync('test/fixtures/egemaps.json', 'utf8')) as {
  cases: readonly EgemapsCase[];
  names: readonly string[];
  recordings: readonly EgemapsRecording[];
};
