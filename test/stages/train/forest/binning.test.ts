import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { binFeatures } from '../../../../stages/train/forest/binning.ts';

function binsOf(values: readonly number[]) {
  const { bins, edges } = binFeatures(Float32Array.from(values), values.length, 1);
  return { bins: [...bins], edges: edges[0] };
}

describe('binning', () => {
  it('gives each of few values a bin of its own, with edges half way', () => {
    expect(binsOf([3, 1, 1, 2])).toEqual({ bins: [2, 0, 0, 1], edges: Float32Array.of(1.5, 2.5) });
    expect(binsOf([7, 7])).toEqual({ bins: [0, 0], edges: new Float32Array(0) });
    expect(binsOf([0, -0])).toEqual({ bins: [0, 0], edges: new Float32Array(0) });
  });

  it('tells neighbouring floats apart', () => {
    const above = Math.fround(1 + 2 ** -23);
    const { bins, edges } = binsOf([above, 1]);
    expect(bins).toEqual([1, 0]);
    expect([...edges]).toEqual([1]);
    expect(binsOf([3.4e38, -3.4e38]).bins).toEqual([1, 0]);
  });

  it('gives bins of about equally many rows to many values', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => Math.sqrt((i * 7919) % 10_000));
    const { bins } = binsOf(values);
    const sizes = new Int32Array(256);
    for (const bin of bins) sizes[bin]++;
    expect(Math.min(...sizes)).toBeGreaterThan(35);
    expect(Math.max(...sizes)).toBeLessThan(45);
  });

  it('puts every value above the edge below its bin and not above its own', () => {
    const value = fc.oneof(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 0, max: 3 }),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 600 }), (values) => {
        const { bins, edges } = binsOf(values);
        expect(edges.length).toBeLessThan(256);
        expect([...edges].sort((a, b) => a - b)).toEqual([...edges]);
        expect(new Set(edges).size).toBe(edges.length);
        values.map(Math.fround).forEach((float, row) => {
          if (bins[row] > 0) expect(float).toBeGreaterThan(edges[bins[row] - 1]);
          if (bins[row] < edges.length) expect(float).toBeLessThanOrEqual(edges[bins[row]]);
        });
      }),
    );
  });

  it('keeps a value that most rows share in one bin', () => {
    const values = [...Array.from({ length: 700 }, () => 0), ...Array.from({ length: 400 }, (_, i) => i + 1)];
    const { bins } = binsOf(values);
    expect(new Set(bins.slice(0, 700)).size).toBe(1);
    expect(bins[700]).toBeGreaterThan(bins[0]);
  });
});
