import { describe, expect, it } from '@jest/globals';
import { bootstrapInterval, mcNemarOfCounts, mcNemarTest, quantile } from '../../../stages/metrics/index.ts';
import { RandomState } from '../../../stages/random/index.ts';
import { sklearnFixture } from '../sklearn-fixture.ts';

interface McNemarCase {
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly exact: { readonly p: number };
  readonly chiSquared: { readonly statistic: number; readonly p: number } | null;
}

describe("McNemar's test", () => {
  it.each(sklearnFixture<McNemarCase[]>('mcnemar'))(
    'agrees with statsmodels for $onlyFirst against $onlySecond',
    ({ onlyFirst, onlySecond, exact, chiSquared }) => {
      const ours = mcNemarOfCounts(onlyFirst, onlySecond);
      expect(ours.exactP).toBeCloseTo(exact.p, 12);
      if (chiSquared === null) {
        expect(ours.chiSquared.statistic).toBe(0);
        expect(ours.chiSquared.p).toBeCloseTo(1, 6);
      } else {
        expect(ours.chiSquared.statistic).toBeCloseTo(chiSquared.statistic, 12);
        expect(Math.abs(ours.chiSquared.p / chiSquared.p - 1)).toBeLessThan(2e-7);
      }
    },
  );

  it('counts the clips that one model alone has right', () => {
    expect(mcNemarTest([true, true, false, true], [true, false, true, false])).toMatchObject({
      onlyFirst: 2,
      onlySecond: 1,
      exactP: 1,
    });
    expect(() => mcNemarTest([true], [])).toThrow('tested on 1 and 0 clips');
  });

  it('stays finite for thousands of clips', () => {
    const { exactP, chiSquared } = mcNemarOfCounts(1500, 1400);
    expect(exactP).toBeGreaterThan(0.05);
    expect(Math.abs(exactP / chiSquared.p - 1)).toBeLessThan(0.01);
  });
});

describe('the bootstrap interval', () => {
  const random = new RandomState(4);
  const values = Float64Array.from({ length: 400 }, () => random.normal());
  const mean = (items: Int32Array) => items.reduce((total, item) => total + values[item], 0) / items.length;

  it('is that of the normal distribution for a mean', () => {
    const { low, high } = bootstrapInterval({ count: 400, statistic: mean, resamples: 4000, seed: 1 });
    const centre = values.reduce((total, value) => total + value, 0) / 400;
    const deviation = Math.sqrt(values.reduce((total, value) => total + (value - centre) ** 2, 0) / 400);
    const half = (1.96 * deviation) / Math.sqrt(400);
    expect(Math.abs(low - (centre - half))).toBeLessThan(0.1 * half);
    expect(Math.abs(high - (centre + half))).toBeLessThan(0.1 * half);
  });

  it('is the same for the same seed', () => {
    const options = { count: 400, statistic: mean, resamples: 50 };
    expect(bootstrapInterval({ ...options, seed: 3 })).toEqual(bootstrapInterval({ ...options, seed: 3 }));
    expect(bootstrapInterval({ ...options, seed: 3 })).not.toEqual(
      bootstrapInterval({ ...options, seed: 4 }),
    );
  });

  it('draws groups whole and is wider for it where the members of a group agree', () => {
    const items = 100;
    const right = Array.from({ length: items }, (_, item) => (Math.floor(item / 10) % 2 === 0 ? 1 : 0));
    const groups = right.map((_, item) => `speaker ${Math.floor(item / 10)}`);
    const sizes = new Set<number>();
    const statistic = (drawn: Int32Array) => {
      sizes.add(drawn.length);
      return drawn.reduce((total, item) => total + right[item], 0) / drawn.length;
    };
    const single = bootstrapInterval({ count: items, statistic, seed: 1 });
    const grouped = bootstrapInterval({ count: items, statistic, groups, seed: 1 });
    expect([...sizes]).toEqual([items]);
    expect(grouped.high - grouped.low).toBeGreaterThan(2 * (single.high - single.low));
  });

  it('takes quantiles between neighbours', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
  });
});
