import { describe, expect, it } from '@jest/globals';
import { fitLinear } from '../../../../stages/train/linear/newton.ts';
import { rowSpace } from '../../../../stages/train/linear/row-space.ts';
import { squaredHingeLoss } from '../../../../stages/train/linear-svm/loss.ts';
import { multinomialLoss } from '../../../../stages/train/logistic-regression/loss.ts';
import { balancedClassWeights } from '../../../../stages/train/neural/batches.ts';
import { softmax } from '../../../../stages/train/temperature.ts';
import { linearFixture, type LinearCase } from './fixture.ts';

const { cases } = linearFixture();

function fit(example: LinearCase, lossOf: typeof multinomialLoss, options: object = {}) {
  const labels = Int32Array.from(example.labels);
  const classes = Math.max(...labels) + 1;
  const byClass = balancedClassWeights(labels, classes);
  const weights = Float64Array.from(labels, (label) =>
    example.classWeights === 'balanced' ? byClass[label] : 1,
  );
  const space = rowSpace(Float32Array.from(example.features.flat()), example.features[0].length);
  return fitLinear(space, lossOf({ labels, classes, weights }), {
    ...{ classes, C: example.C, maxIterations: 100, tolerance: 1e-9 },
    ...options,
  });
}

function largestDifference(actual: ArrayLike<number>, expected: readonly number[]): number {
  return Math.max(...expected.map((value, index) => Math.abs(value - actual[index])));
}

describe.each(cases)('on rows that are $name, C $C, weights $classWeights', (example) => {
  it('finds the logistic regression that scikit-learn finds', () => {
    const expected = example.logisticRegression;
    const { weights, intercepts, converged } = fit(example, multinomialLoss);
    expect(converged).toBe(true);
    expect(largestDifference(weights, expected.weights.flat())).toBeLessThan(1e-4);
    expect(largestDifference(intercepts, expected.intercepts)).toBeLessThan(1e-4);

    const classes = intercepts.length;
    const dimension = weights.length / classes;
    const scores = example.features.flatMap((row) =>
      Array.from(intercepts, (intercept, c) =>
        row.reduce((sum, value, j) => sum + value * weights[c * dimension + j], intercept),
      ),
    );
    const probabilities = softmax(Float64Array.from(scores), classes);
    expect(largestDifference(probabilities, expected.probabilities.flat())).toBeLessThan(1e-5);
  });

  it('finds the support vector machines that minimise the same objective', () => {
    const expected = example.linearSvm;
    const { weights, intercepts, converged } = fit(example, squaredHingeLoss);
    expect(converged).toBe(true);
    expect(largestDifference(weights, expected.weights.flat())).toBeLessThan(1e-4);
    expect(largestDifference(intercepts, expected.intercepts)).toBeLessThan(1e-4);
  });
});

describe('fitLinear', () => {
  it('says that it has not converged', () => {
    const { converged, iterations } = fit(cases[0], multinomialLoss, { maxIterations: 1 });
    expect({ converged, iterations }).toEqual({ converged: false, iterations: 1 });
  });

  it('is ended by what its callback throws', () => {
    const onIteration = (iteration: number): void => {
      if (iteration === 1) throw new Error('stop');
    };
    expect(() => fit(cases[0], multinomialLoss, { onIteration })).toThrow('stop');
  });

  it('copes with rows that occur twice and with features that never vary', () => {
    const features = [...cases[2].features, ...cases[2].features].map((row) => [...row, 0]);
    const labels = [...cases[2].labels, ...cases[2].labels];
    // Every row twice at half C is the same objective.
    const twice = fit({ ...cases[2], features, labels, C: cases[2].C / 2 }, multinomialLoss);
    expect(twice.converged).toBe(true);
    const expected = cases[2].logisticRegression.weights.flatMap((row) => [...row, 0]);
    expect(largestDifference(twice.weights, expected)).toBeLessThan(1e-4);
  });
});
