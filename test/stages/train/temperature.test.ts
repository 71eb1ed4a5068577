import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logLoss } from '../../../stages/metrics/index.ts';
import { fitTemperature, softmax } from '../../../stages/train/temperature.ts';
import { linearFixture } from './linear/fixture.ts';

describe('fitTemperature', () => {
  it.each(linearFixture().temperatures)('finds $temperature', ({ scores, labels, temperature }) => {
    expect(fitTemperature(Float64Array.from(scores.flat()), labels, 4)).toBeCloseTo(temperature, 5);
  });

  it('is never worse than leaving the scores as they are', () => {
    const rows = fc.array(
      fc.record({
        label: fc.integer({ min: 0, max: 2 }),
        scores: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: -30, max: 30, noNaN: true }))),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(rows, (clips) => {
        const scores = Float64Array.from(clips.flatMap((clip) => clip.scores));
        const labels = clips.map((clip) => clip.label);
        const temperature = fitTemperature(scores, labels, 3);
        expect(temperature).toBeGreaterThanOrEqual(0.0499);
        expect(temperature).toBeLessThanOrEqual(20.001);
        const loss = (t: number): number => logLoss(softmax(scores, 3, t), labels, 3);
        expect(loss(temperature)).toBeLessThanOrEqual(loss(1) + 1e-9);
      }),
    );
  });

  it('leaves scores as they are where nothing tells', () => {
    expect(fitTemperature(new Float64Array(0), [], 8)).toBe(1);
  });

  it('does not sharpen without end where all is right', () => {
    expect(fitTemperature(Float64Array.of(3, 0, 0, 2), [0, 1], 2)).toBeCloseTo(0.05, 6);
  });
});

describe('softmax', () => {
  it('gives distributions, and keeps the order of scores at any temperature', () => {
    const scores = Float64Array.of(1, 3, 2, 1000, -1000, 0);
    for (const temperature of [0.1, 1, 10]) {
      const p = softmax(scores, 3, temperature);
      expect(p[0] + p[1] + p[2]).toBeCloseTo(1, 12);
      expect(p[1]).toBeGreaterThan(p[2]);
      expect(p[2]).toBeGreaterThan(p[0]);
      for (const [i, value] of [1, 0, 0].entries()) expect(p[3 + i]).toBeCloseTo(value, 12);
    }
  });
});
