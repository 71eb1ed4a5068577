import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { curve, matrixOf, part, rangeOf, shrink, type Matrix } from '../../../runner/inspect/matrix.ts';

function rowsOf(matrix: Matrix | undefined): number[][] | undefined {
  if (matrix === undefined) return undefined;
  return Array.from({ length: matrix.rows }, (_, row) =>
    Array.from({ length: matrix.columns }, (__, column) => matrix.at(row, column)),
  );
}

describe('how a cell is looked at', () => {
  it('is downwards and to the right for a tensor', () => {
    expect(rowsOf(matrixOf({ type: 'tensor', shape: [2, 3] }, [1, 2, 3, 4, 5, 6]))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(rowsOf(matrixOf({ type: 'tensor', shape: [2, 2, 2] }, [1, 2, 3, 4, 5, 6, 7, 8]))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
  });

  it('is time to the right and the first value at the bottom for a sequence', () => {
    expect(rowsOf(matrixOf({ type: 'sequence', shape: [2] }, [1, 2, 3, 4, 5, 6]))).toEqual([
      [2, 4, 6],
      [1, 3, 5],
    ]);
  });

  it.each([
    ['a vector', { type: 'tensor', shape: [4] } as const],
    ['one line', { type: 'tensor', shape: [1, 4] } as const],
    ['one column', { type: 'tensor', shape: [4, 1] } as const],
    ['a sequence of numbers', { type: 'sequence', shape: [] } as const],
    ['a number', { type: 'float64' } as const],
  ])('is a curve, or nothing, for %s', (_, column) => {
    expect(matrixOf(column, [1, 2, 3, 4])).toBeUndefined();
  });
});

describe('a matrix made smaller', () => {
  it('holds the means of its parts', () => {
    const matrix = matrixOf({ type: 'tensor', shape: [2, 4] }, [1, 3, 5, 7, 2, 4, 6, 8])!;
    expect(rowsOf(shrink(matrix, 1, 2))).toEqual([[2.5, 6.5]]);
    expect(rowsOf(shrink(matrix, 2, 2))).toEqual([
      [2, 6],
      [3, 7],
    ]);
    expect(shrink(matrix, 9, 9)).toBe(matrix);
  });

  it('is made of parts that cover everything once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 300 }), (length, wanted) => {
        const count = Math.min(length, wanted);
        const parts = Array.from({ length: count }, (_, index) => part(index, count, length));
        expect(parts[0][0]).toBe(0);
        expect(parts.at(-1)![1]).toBe(length);
        parts.forEach(([start, end], index) => {
          expect(end).toBeGreaterThan(start);
          if (index > 0) expect(start).toBe(parts[index - 1][1]);
        });
      }),
    );
  });

  it('has the range of its finite numbers', () => {
    expect(rangeOf(curve([NaN, 3, -Infinity, -2]))).toEqual({ low: -2, high: 3 });
    expect(rangeOf(curve([NaN]))).toEqual({ low: 0, high: 0 });
  });
});
