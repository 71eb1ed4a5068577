import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  amplitudeRatio,
  cosineOfCycles,
  exponential,
  semitoneRatio,
  sineOfCycles,
} from '../../../stages/corpus/demo/elementary.ts';

describe('the exponential', () => {
  it('agrees with Math.exp', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (x) => {
        expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(1e-13);
      }),
    );
  });

  it('gives octaves and decades', () => {
    expect(semitoneRatio(12)).toBeCloseTo(2, 13);
    expect(semitoneRatio(-24)).toBeCloseTo(0.25, 13);
    expect(amplitudeRatio(20)).toBeCloseTo(10, 12);
    expect(amplitudeRatio(-60)).toBeCloseTo(0.001, 15);
  });
});

describe('the sine and cosine of cycles', () => {
  it('agree with Math.sin and Math.cos', () => {
    fc.assert(
      fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (cycles) => {
        expect(Math.abs(sineOfCycles(cycles) - Math.sin(2 * Math.PI * cycles))).toBeLessThan(1e-12);
        expect(Math.abs(cosineOfCycles(cycles) - Math.cos(2 * Math.PI * cycles))).toBeLessThan(1e-12);
      }),
    );
  });
});
