import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fanInUniform, glorotUniform, orthogonal } from '../../../../stages/train/neural/initializers.ts';
import { betaVariate, deriveSeed, randomStream, shuffle } from '../../../../stages/train/neural/random.ts';

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

describe('the streams of random numbers', () => {
  it('are the same for the same seeds and others for others', () => {
    const draw = (...seeds: number[]): number[] => {
      const stream = randomStream(...seeds);
      return Array.from({ length: 20 }, () => stream.uniform());
    };
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        expect(draw(a, b)).toEqual(draw(a, b));
        expect(draw(a, b)).not.toEqual(draw(a, b + 1));
        expect(draw(a, b)).not.toEqual(draw(a, b, 0));
      }),
    );
  });

  it('derive seeds that fit TensorFlow’s int32', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (parts) => {
        const seed = deriveSeed(...parts);
        expect(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31).toBe(true);
      }),
    );
  });

  it('are uniform and normal', () => {
    const stream = randomStream(3);
    const uniform = moments(Array.from({ length: 40_000 }, () => stream.uniform()));
    expect(uniform.mean).toBeCloseTo(1 / 2, 2);
    expect(uniform.variance).toBeCloseTo(1 / 12, 2);
    const normal = moments(Array.from({ length: 40_000 }, () => stream.normal()));
    expect(Math.abs(normal.mean)).toBeLessThan(0.02);
    expect(Math.abs(normal.variance - 1)).toBeLessThan(0.03);
  });

  it.each([0.2, 1, 4])('draw from Beta(α, α): α %d', (alpha) => {
    const stream = randomStream(4);
    const { mean, variance } = moments(Array.from({ length: 40_000 }, () => betaVariate(alpha, stream)));
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1 / (4 * (2 * alpha + 1)))).toBeLessThan(0.005);
  });

  it('shuffle to each order equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const values = Int32Array.of(0, 1, 2);
      shuffle(values, randomStream(seed));
      counts.set(values.join(), (counts.get(values.join()) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
});

describe('the initializers', () => {
  it.each([1, 0.3])('fanInUniform keeps to %d / √inputs and fills it', async (scale) => {
    const values = [...(await fanInUniform(scale)([100, 64], randomStream(1)))].map(Math.abs);
    expect(values).toHaveLength(6400);
    const limit = scale / 10;
    expect(Math.max(...values)).toBeLessThanOrEqual(limit);
    expect(Math.max(...values)).toBeGreaterThan(0.99 * limit);
    const mean = values.reduce((total, value) => total + value, 0) / values.length;
    expect(mean / limit).toBeCloseTo(0.5, 1);
  });

  it('glorotUniform keeps to its limit and fills it', async () => {
    const values = [...(await glorotUniform([3, 64, 128], randomStream(1)))];
    const limit = Math.sqrt(6 / (3 * 64 + 3 * 128));
    expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(limit);
    expect(moments(values).variance).toBeCloseTo(limit ** 2 / 3, 4);
  });

  it.each([
    [16, 64],
    [64, 16],
    [20, 20],
  ])('orthogonal makes rows or columns orthonormal: %i × %i', async (rows, columns) => {
    const values = await orthogonal([rows, columns], randomStream(2));
    const short = Math.min(rows, columns);
    const at = (i: number, j: number): number =>
      rows <= columns ? values[i * columns + j] : values[j * columns + i];
    for (let a = 0; a < short; a++) {
      for (let b = 0; b < short; b++) {
        let dot = 0;
        for (let k = 0; k < Math.max(rows, columns); k++) dot += at(a, k) * at(b, k);
        expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-5);
      }
    }
  });
});
