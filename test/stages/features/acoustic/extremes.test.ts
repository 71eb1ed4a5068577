import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DescriptorExtractor } from '../../../../stages/features/acoustic/descriptors.ts';
import { acousticParams, type DescriptorName } from '../../../../stages/features/acoustic/params.ts';
import { greatestDifference } from '../../audio/distance.ts';
import { extremeSignal } from '../../audio/extreme-signals.ts';

/** In the descriptor's unit, beside two units in the last place of single precision. */
const TOLERANCES = {
  mfcc: 2e-4,
  mel: 1e-4,
  chroma: 1e-5,
  contrast: 1e-4,
  zeroCrossingRate: 1e-8,
  rms: 1e-8,
  pitch: 1e-4,
} as const satisfies Partial<Record<DescriptorName, number>>;

type Described = keyof typeof TOLERANCES;

interface ExtremeCase extends Readonly<Partial<Record<Described, readonly number[]>>> {
  readonly name: string;
  readonly rate: number;
  readonly count: number;
}

const { cases } = JSON.parse(readFileSync('test/fixtures/librosa-extremes.json', 'utf8')) as {
  cases: ExtremeCase[];
};

describe('frames of what is not broadband speech, against librosa', () => {
  it.each(cases)('$name, $count samples at $rate Hz', (fixture) => {
    const { name, rate, count } = fixture;
    const samples = extremeSignal(name, rate, count);
    for (const [descriptor, tolerance] of Object.entries(TOLERANCES) as [Described, number][]) {
      const expected = fixture[descriptor];
      if (expected === undefined) continue;
      const params = acousticParams.parse({ coefficients: 13, descriptors: [descriptor] });
      const [actual] = new DescriptorExtractor(params, rate).compute(samples, name);
      const ulps = 2 ** -22 * Math.max(...expected.map(Math.abs));
      expect({ descriptor, length: actual.length }).toEqual({ descriptor, length: expected.length });
      expect([descriptor, greatestDifference(actual, expected) < tolerance + ulps]).toEqual([
        descriptor,
        true,
      ]);
    }
  });
});
