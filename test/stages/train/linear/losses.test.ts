import { describe, expect, it } from '@jest/globals';
import { RandomState } from '../../../../stages/random/index.ts';
import { squaredHingeLoss } from '../../../../stages/train/linear-svm/loss.ts';
import { multinomialLoss } from '../../../../stages/train/logistic-regression/loss.ts';

const labels = Int32Array.of(0, 2, 1, 1, 2);
const weights = Float64Array.of(1, 0.5, 2, 1, 3);
const classes = 3;
const random = new RandomState(5);
const normals = (): Float64Array => Float64Array.from({ length: 15 }, () => random.normal());
const step = 1e-5;

describe.each([
  { name: 'multinomialLoss', lossOf: multinomialLoss },
  { name: 'squaredHingeLoss', lossOf: squaredHingeLoss },
])('$name', ({ lossOf }) => {
  const loss = lossOf({ labels, classes, weights });
  const scores = normals();
  const direction = normals();
  const along = (length: number): Float64Array => scores.map((score, i) => score + length * direction[i]);

  it('has the gradient that differences of its value give', () => {
    const { gradient } = loss.expand(scores);
    const slope = gradient.reduce((sum, value, i) => sum + value * direction[i], 0);
    expect(slope).toBeCloseTo((loss.value(along(step)) - loss.value(along(-step))) / (2 * step), 6);
  });

  it('has the curvature that differences of its gradient give', () => {
    const curved = loss.expand(scores).curvature(direction);
    const [before, after] = [loss.expand(along(-step)).gradient, loss.expand(along(step)).gradient];
    for (const [i, value] of curved.entries())
      expect(value).toBeCloseTo((after[i] - before[i]) / (2 * step), 5);
  });
});

describe('multinomialLoss', () => {
  it('is finite for scores whose exponentials are not', () => {
    const loss = multinomialLoss({ labels, classes, weights });
    expect(loss.value(Float64Array.from({ length: 15 }, (_, i) => (i % 2 === 0 ? 1e4 : -1e4)))).toBeLessThan(
      1e6,
    );
  });
});

describe('squaredHingeLoss', () => {
  it('is nothing where every margin is kept', () => {
    const kept = Float64Array.from({ length: 15 }, (_, i) => (labels[i % 5] === Math.floor(i / 5) ? 1 : -1));
    const loss = squaredHingeLoss({ labels, classes, weights });
    expect(loss.value(kept)).toBe(0);
    expect(loss.expand(kept).gradient.every((value) => value === 0)).toBe(true);
  });
});
