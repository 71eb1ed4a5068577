import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RandomState } from '../../../../stages/random/index.ts';
import { gramMatrix, rowSpace, scoreRows } from '../../../../stages/train/linear/row-space.ts';

/** Sizes on both sides of every tile and block edge, with a seed for the values. */
const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 13 }),
  dimension: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 510, max: 515 })),
  classes: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 0, max: 1000 }),
});

function normals(count: number, seed: number): Float32Array {
  const random = new RandomState(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

/** a (m × n) times b (n × k), as the definition says. */
function multiply(a: ArrayLike<number>, b: ArrayLike<number>, m: number, n: number, k: number): number[] {
  const product = new Array<number>(m * k).fill(0);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < k; j++) for (let t = 0; t < n; t++) product[i * k + j] += a[i * n + t] * b[t * k + j];
  return product;
}

function transposed(a: ArrayLike<number>, rows: number, columns: number): number[] {
  return Array.from({ length: rows * columns }, (_, i) => a[(i % rows) * columns + Math.floor(i / rows)]);
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
  expect(largest).toBeLessThan(1e-8);
}

describe('rowSpace', () => {
  it('multiplies as the definition says, whether rows are wide or narrow', () => {
    fc.assert(
      fc.property(shapes, ({ rows, dimension, classes, seed }) => {
        const x = normals(rows * dimension, seed);
        const coefficients = Float64Array.from(normals(classes * rows, seed + 1));
        const weights = multiply(coefficients, x, classes, rows, dimension);
        const product = multiply(weights, transposed(x, rows, dimension), classes, dimension, rows);
        const space = rowSpace(x, dimension);
        expectClose(space.weights(coefficients, classes), weights);
        expectClose(space.product(coefficients, classes), product);
      }),
      { numRuns: 60 },
    );
  });

  it('scores rows', () => {
    fc.assert(
      fc.property(shapes, ({ rows, dimension, classes, seed }) => {
        const x = normals(rows * dimension, seed);
        const weights = normals(classes * dimension, seed + 1);
        expectClose(
          scoreRows(x, dimension, weights, classes),
          multiply(weights, transposed(x, rows, dimension), classes, dimension, rows),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('gramMatrix', () => {
  it('is symmetric to the bit', () => {
    const rows = 11;
    const gram = gramMatrix(normals(rows * 600, 3), 600);
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < rows; k++) expect(gram[i * rows + k]).toBe(gram[k * rows + i]);
  });
});
