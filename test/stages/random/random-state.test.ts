import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RandomState, deriveSeed } from '../../../stages/random/index.ts';
import { sklearnFixture } from '../sklearn-fixture.ts';

interface Draws {
  readonly seed: number;
  readonly uniform: readonly number[];
  readonly permutation: readonly number[];
  readonly normal: readonly number[];
  readonly choice: readonly number[];
  readonly integers: readonly number[];
  readonly late: readonly number[];
}

describe('RandomState', () => {
  it.each(sklearnFixture<Draws[]>('random-state'))("draws what numpy's RandomState($seed) draws", (draws) => {
    const random = new RandomState(draws.seed);
    expect(draws.uniform.map(() => random.uniform())).toEqual(draws.uniform);
    expect([...random.permutation(50)]).toEqual(draws.permutation);
    for (const value of draws.normal) expect(random.normal()).toBeCloseTo(value, 12);
    expect(random.choice([...Array(20).keys()], 6)).toEqual(draws.choice);
    expect([1, 2, 3, 700].map((count) => random.permutation(count)[0])).toEqual(draws.integers);
    expect(Array.from({ length: 1500 }, () => random.uniform()).slice(-2)).toEqual(draws.late);
  });

  it('draws every integer below the count about equally often', () => {
    const random = new RandomState(1);
    const counts = new Int32Array(5);
    for (let i = 0; i < 10_000; i++) counts[random.integer(5)]++;
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});

describe('deriveSeed', () => {
  it('gives unlike seeds for unlike parts', () => {
    const seeds = new Set<number>();
    for (let seed = 0; seed < 50; seed++) {
      for (let fold = 0; fold < 20; fold++) {
        seeds
          .add(deriveSeed(seed, fold))
          .add(deriveSeed(seed, 'tree', fold))
          .add(deriveSeed(seed, 'layer', fold));
      }
    }
    expect(seeds.size).toBe(3000);
  });

  it('tells the order of parts apart, and gives unsigned 32-bit integers', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(1000), fc.nat(1000), (seed, a, b) => {
        const derived = deriveSeed(seed, a, b);
        expect(derived).toBe(derived >>> 0);
        if (a !== b) expect(derived).not.toBe(deriveSeed(seed, b, a));
      }),
    );
  });
});
