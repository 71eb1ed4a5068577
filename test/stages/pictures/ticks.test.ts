import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ticksBetween } from '../../../stages/pictures/ticks.ts';

describe('the marks of an axis', () => {
  it('lie at round numbers', () => {
    expect(ticksBetween(0, 1, 5).map(({ label }) => label)).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '1']);
    expect(ticksBetween(-70, 0, 5).map(({ label }) => label)).toContain('−20');
    expect(ticksBetween(0, 0.05, 5).map(({ label }) => label)).toContain('0.02');
  });

  it('lie inside, about as many as asked for, each where its number says', () => {
    const bounds = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(bounds, fc.integer({ min: 3, max: 10 }), ([low, span], count) => {
        const high = low + span;
        const ticks = ticksBetween(low, high, count);
        expect(ticks.length).toBeGreaterThanOrEqual(1);
        expect(ticks.length).toBeLessThanOrEqual(2 * count + 1);
        for (const { place, label } of ticks) {
          expect(place).toBeGreaterThanOrEqual(-1e-6);
          expect(place).toBeLessThanOrEqual(1 + 1e-6);
          const value = Number(label.replace('−', '-'));
          expect(Math.abs(low + place * span - value)).toBeLessThanOrEqual(1e-6 * (span + Math.abs(value)));
        }
      }),
    );
  });

  it('is one in the middle where there is no span', () => {
    expect(ticksBetween(3, 3, 5)).toEqual([{ place: 0.5, label: '3' }]);
  });
});
