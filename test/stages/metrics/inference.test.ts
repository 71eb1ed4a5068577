import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  holm,
  mostForExactness,
  percentileInterval,
  quantile,
  resampleInGroups,
  signFlipTest,
} from '../../../stages/metrics/index.ts';
import { RandomState } from '../../../stages/random/index.ts';
import { sklearnFixture } from '../sklearn-fixture.ts';

/** Every assignment of signs, one after the other. */
function bruteForce(differences: readonly number[]): number {
  const sumOf = (signs: number): number =>
    differences.reduce((sum, difference, at) => sum + ((signs >> at) & 1 ? -difference : difference), 0);
  const observed = Math.abs(sumOf(0));
  let extreme = 0;
  for (let signs = 0; signs < 2 ** differences.length; signs++) {
    if (Math.abs(sumOf(signs)) >= observed - 1e-9) extreme++;
  }
  return extreme / 2 ** differences.length;
}

const fractions = fc
  .tuple(fc.integer({ min: -40, max: 40 }), fc.constantFrom(1, 2, 3, 8))
  .map(([right, repetitions]) => right / repetitions);

describe('sign flips', () => {
  it.each(sklearnFixture<{ differences: number[]; p: number }[]>('sign-flips'))(
    'agree with SciPy’s permutation test: p $p',
    ({ differences, p }) => {
      expect(signFlipTest(differences, 1)).toMatchObject({ p: expect.closeTo(p, 12), exact: true });
    },
  );

  it('count what counting every assignment gives, ties and zeros included', () => {
    fc.assert(
      fc.property(fc.array(fractions, { minLength: 1, maxLength: 11 }), (differences) => {
        expect(signFlipTest(differences, 1).p).toBeCloseTo(bruteForce(differences), 12);
      }),
    );
  });

  it('do not depend on the order, nor on which model is the first', () => {
    fc.assert(
      fc.property(fc.array(fractions, { minLength: 1, maxLength: 40 }), (differences) => {
        const { p } = signFlipTest(differences, 1);
        expect(
          signFlipTest(
            differences.map((difference) => -difference),
            1,
          ).p,
        ).toBe(p);
        if (differences.length <= mostForExactness) {
          expect(signFlipTest(differences.toReversed(), 1).p).toBeCloseTo(p, 12);
        }
      }),
    );
  });

  it('are drawn where there are too many to count, with nearly the same result', () => {
    const random = new RandomState(3);
    const differences = Array.from({ length: mostForExactness }, () => random.normal() + 0.25);
    const exact = signFlipTest(differences, 1);
    // A pair of units of next to no difference changes p hardly, and makes it too many.
    const drawn = signFlipTest([...differences, 1e-7], 1);
    expect([exact.exact, drawn.exact]).toEqual([true, false]);
    const error = Math.sqrt((exact.p * (1 - exact.p)) / 9999);
    expect(Math.abs(drawn.p - exact.p)).toBeLessThan(5 * error);
    expect(signFlipTest([...differences, 1e-7], 1)).toEqual(drawn);
  });

  it('say how small p can be, and find no difference where there is none', () => {
    expect(signFlipTest([1, 2, 3, 4, 5], 1)).toEqual({ p: 0.0625, exact: true, smallestP: 0.0625 });
    expect(signFlipTest([0, 0, 0, 0, 0], 1)).toEqual({ p: 1, exact: true, smallestP: 1 });
  });
});

describe("Holm's correction", () => {
  it.each(sklearnFixture<{ p: number[]; corrected: number[] }[]>('holm'))(
    'agrees with statsmodels for $p',
    ({ p, corrected }) => {
      for (const [index, value] of holm(p).entries()) expect(value).toBeCloseTo(corrected[index], 12);
    },
  );
});

describe('the bootstrap by groups', () => {
  const random = new RandomState(4);
  const values = Float64Array.from({ length: 400 }, () => random.normal());
  const means = (groups: readonly (readonly number[])[], resamples: number, seed: number): Float64Array => {
    const found: number[] = [];
    resampleInGroups(groups, { resamples, seed }, (counts) => {
      const drawn = counts.reduce((sum, count) => sum + count, 0);
      found.push(counts.reduce((sum, count, item) => sum + count * values[item], 0) / drawn);
    });
    return Float64Array.from(found);
  };
  const singles = Array.from({ length: 400 }, (_, item) => [item]);

  it('gives the interval of the normal distribution for the mean of independent items', () => {
    const { low, high } = percentileInterval(means(singles, 4000, 1), 0.95);
    const centre = values.reduce((total, value) => total + value, 0) / 400;
    const deviation = Math.sqrt(values.reduce((total, value) => total + (value - centre) ** 2, 0) / 400);
    const half = (1.96 * deviation) / Math.sqrt(400);
    expect(Math.abs(low - (centre - half))).toBeLessThan(0.1 * half);
    expect(Math.abs(high - (centre + half))).toBeLessThan(0.1 * half);
  });

  it('is the same for the same seed', () => {
    expect(means(singles, 50, 3)).toEqual(means(singles, 50, 3));
    expect(means(singles, 50, 3)).not.toEqual(means(singles, 50, 4));
  });

  it('draws as many items of a group as it has, for each time that the group is drawn', () => {
    const groups = [[0, 1, 2], [3, 4], [5]];
    resampleInGroups(groups, { resamples: 200, seed: 1 }, (counts) => {
      const drawn = groups.map((group) => group.reduce((sum, item) => sum + counts[item], 0) / group.length);
      expect(drawn.every(Number.isInteger)).toBe(true);
      expect(drawn.reduce((sum, times) => sum + times, 0)).toBe(groups.length);
    });
  });

  it('is wider than by items where the members of a group agree', () => {
    const groups = Array.from({ length: 10 }, (_, group) =>
      singles.slice(10 * group, 10 * group + 10).flat(),
    );
    const width = (units: readonly (readonly number[])[]): number => {
      const shares: number[] = [];
      resampleInGroups(units, { resamples: 1000, seed: 1 }, (counts) => {
        let [right, drawn] = [0, 0];
        for (const [item, count] of counts.entries()) {
          drawn += count;
          if (Math.floor(item / 10) % 2 === 0) right += count;
        }
        shares.push(right / drawn);
      });
      const { low, high } = percentileInterval(Float64Array.from(shares), 0.95);
      return high - low;
    };
    expect(width(groups)).toBeGreaterThan(2 * width(singles.slice(0, 100)));
  });

  it('gives the negated interval for negated values, to the last bit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1, max: 1 }), { minLength: 1 }),
        (numbers) => {
          const { low, high } = percentileInterval(Float64Array.from(numbers), 0.95);
          const negated = percentileInterval(
            Float64Array.from(numbers, (value) => -value),
            0.95,
          );
          expect([negated.low + 0, negated.high + 0]).toEqual([-high + 0, -low + 0]);
        },
      ),
    );
  });

  it('takes quantiles between neighbours', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
  });
});
