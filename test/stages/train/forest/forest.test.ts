import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  defaultForestOptions,
  depthOf,
  fitForest,
  outOfBag,
  predictProbabilities,
  type Forest,
  type ForestOptions,
  type TrainingRows,
} from '../../../../stages/train/forest/index.ts';
import { logLoss } from '../../../../stages/metrics/index.ts';
import { classWeights, featuresPerSplit } from '../../../../stages/train/forest/options.ts';
import { indexOfLargest } from '../../../../stages/train/predictions.ts';
import { RandomState } from '../../../../stages/random/index.ts';
import { sklearnFixture } from '../../sklearn-fixture.ts';

interface TreeCase {
  readonly data: 'wine' | 'breast_cancer';
  readonly options: {
    readonly criterion: 'gini' | 'entropy';
    readonly max_depth?: number;
    readonly min_samples_leaf?: number;
    readonly min_samples_split?: number;
    readonly class_weight?: 'balanced';
  };
  readonly depth: number;
  readonly nodes: number;
  readonly logLoss: number;
  readonly importances: number[];
}

const fixture = sklearnFixture<{
  data: Record<string, { rows: number[][]; labels: number[] }>;
  trees: TreeCase[];
  balancedWeights: number[];
}>('trees');

function rowsOf(name: string): TrainingRows {
  const { rows, labels } = fixture.data[name];
  return {
    features: Float32Array.from(rows.flat()),
    dimension: rows[0].length,
    labels: Int32Array.from(labels),
    classes: Math.max(...labels) + 1,
  };
}

function accuracy(forest: Forest, { features, labels, classes }: TrainingRows): number {
  const probabilities = predictProbabilities(forest, features);
  const right = [...labels].filter(
    (label, row) => indexOfLargest(probabilities.subarray(row * classes, (row + 1) * classes)) === label,
  );
  return right.length / labels.length;
}

/** Two classes, one for each side of a line in the first two of `dimension` features. */
function blobs(count: number, dimension: number, seed: number): TrainingRows {
  const random = new RandomState(seed);
  const features = Float32Array.from({ length: count * dimension }, () => random.normal());
  const labels = Int32Array.from({ length: count }, (_, row) =>
    features[row * dimension] + features[row * dimension + 1] > 0 ? 1 : 0,
  );
  return { features, dimension, labels, classes: 2 };
}

describe('a tree that sees all rows and features', () => {
  it.each(fixture.trees)("is as good as scikit-learn's: $data $options", async (reference) => {
    const { criterion, max_depth, min_samples_leaf, min_samples_split, class_weight } = reference.options;
    const rows = rowsOf(reference.data);
    const forest = await fitForest(rows, {
      ...defaultForestOptions,
      trees: 1,
      bootstrap: false,
      maxFeatures: 'all',
      criterion,
      maxDepth: max_depth ?? null,
      minSamplesLeaf: min_samples_leaf ?? 1,
      minSamplesSplit: min_samples_split ?? 2,
      classWeight: class_weight ?? null,
    });
    expect(depthOf(forest.trees[0])).toBe(reference.depth);
    expect(forest.trees[0].feature).toHaveLength(reference.nodes);
    const loss = logLoss(predictProbabilities(forest, rows.features), rows.labels, rows.classes);
    expect(loss).toBeCloseTo(reference.logLoss, 4);
    reference.importances.forEach((importance, feature) => {
      expect(forest.importances[feature]).toBeCloseTo(importance, 4);
    });
  });
});

describe('a forest', () => {
  it('grows the same trees from one seed, others from another', async () => {
    const rows = rowsOf('wine');
    const grow = (seed: number) => fitForest(rows, { ...defaultForestOptions, trees: 5, seed });
    expect(await grow(3)).toEqual(await grow(3));
    expect((await grow(3)).trees).not.toEqual((await grow(4)).trees);
  });

  it('has in a larger forest the trees of the smaller one', async () => {
    const rows = rowsOf('wine');
    const few = await fitForest(rows, { ...defaultForestOptions, trees: 3 });
    const more = await fitForest(rows, { ...defaultForestOptions, trees: 6 });
    expect(more.trees.slice(0, 3)).toEqual(few.trees);
  });

  it.each(['gini', 'entropy'] as const)('recognises new rows: %s', async (criterion) => {
    const forest = await fitForest(blobs(600, 6, 1), { ...defaultForestOptions, criterion });
    expect(accuracy(forest, blobs(600, 6, 2))).toBeGreaterThan(0.9);
    const [first, second, ...others] = forest.importances;
    for (const other of others) expect(other).toBeLessThan(0.5 * Math.min(first, second));
    expect(forest.importances.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10);
  });

  it('estimates accuracy on new rows from those that a tree did not see', async () => {
    const options = { ...defaultForestOptions, seed: 5 };
    const rows = blobs(400, 6, 1);
    const forest = await fitForest(rows, options);
    const estimate = outOfBag(forest, rows, options).accuracy;
    expect(accuracy(forest, rows)).toBe(1);
    expect(Math.abs(estimate! - accuracy(forest, blobs(2000, 6, 9)))).toBeLessThan(0.04);
  });

  it('has no such estimate where every tree sees every row', async () => {
    const options = { ...defaultForestOptions, trees: 3, bootstrap: false };
    const rows = blobs(50, 3, 1);
    expect(outOfBag(await fitForest(rows, options), rows, options).accuracy).toBeNull();
  });

  it('recognises a rare class more often where classes are balanced', async () => {
    const random = new RandomState(8);
    const labels = Int32Array.from({ length: 800 }, (_, row) => (row % 16 === 0 ? 1 : 0));
    const features = Float32Array.from(labels.keys()).map((row) => random.normal() + 1.5 * labels[row]);
    const rows = { features, dimension: 1, labels, classes: 2 };
    const recall = async (classWeight: ForestOptions['classWeight']) => {
      const options = { ...defaultForestOptions, maxDepth: 2, classWeight };
      const probabilities = predictProbabilities(await fitForest(rows, options), features);
      const rare = [...labels.keys()].filter((row) => labels[row] === 1);
      return rare.filter((row) => probabilities[2 * row + 1] > 0.5).length / rare.length;
    };
    expect(await recall('balanced')).toBeGreaterThan((await recall(null)) + 0.3);
  });

  it('does not care about the scale and the order of features it looks at together', async () => {
    // Any growing map keeps the order of values, and bins of single values see nothing but order.
    const rows = blobs(150, 4, 3);
    const options = { ...defaultForestOptions, trees: 10 };
    const plain = await fitForest(rows, options);
    const stretched = { ...rows, features: rows.features.map((value) => Math.fround(Math.exp(value))) };
    const warped = await fitForest(stretched, options);
    expect(warped.trees.map(({ feature }) => feature)).toEqual(plain.trees.map(({ feature }) => feature));
    expect(predictProbabilities(warped, stretched.features)).toEqual(
      predictProbabilities(plain, rows.features),
    );
  });

  it('holds at least the rows wanted in a leaf and gives probabilities', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 1, max: 120 }),
          dimension: fc.integer({ min: 1, max: 5 }),
          classes: fc.integer({ min: 1, max: 5 }),
          distinct: fc.integer({ min: 1, max: 400 }),
          minSamplesLeaf: fc.integer({ min: 1, max: 10 }),
          maxDepth: fc.option(fc.integer({ min: 1, max: 6 })),
          maxFeatures: fc.constantFrom<ForestOptions['maxFeatures']>('sqrt', 'log2', 'all', 0.4, 3),
          criterion: fc.constantFrom('gini' as const, 'entropy' as const),
          classWeight: fc.constantFrom('balanced' as const, null),
          seed: fc.nat(),
        }),
        async ({ count, dimension, classes, distinct, ...options }) => {
          const random = new RandomState(options.seed);
          const features = Float32Array.from(
            { length: count * dimension },
            () => random.integer(distinct) / 7,
          );
          const labels = Int32Array.from({ length: count }, () => random.integer(classes));
          const whole = { ...defaultForestOptions, ...options, bootstrap: false, trees: 2 };
          const forest = await fitForest({ features, dimension, labels, classes }, whole);
          const probabilities = predictProbabilities(forest, features);
          for (let row = 0; row < count; row++) {
            const own = probabilities.subarray(row * classes, (row + 1) * classes);
            expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
            expect(Math.min(...own)).toBeGreaterThanOrEqual(0);
          }
          for (const tree of forest.trees) {
            if (options.maxDepth !== null) expect(depthOf(tree)).toBeLessThanOrEqual(options.maxDepth);
            const leaves = tree.distributions.length / classes;
            expect(leaves * Math.min(options.minSamplesLeaf, count)).toBeLessThanOrEqual(count);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses sizes that do not fit', async () => {
    const rows = { features: new Float32Array(5), dimension: 2, labels: new Int32Array(2), classes: 2 };
    await expect(fitForest(rows, defaultForestOptions)).rejects.toThrow('5 features are not 2 rows of 2');
  });
});

describe('options', () => {
  it('turns maxFeatures into a count', () => {
    expect(
      (['sqrt', 'log2', 'all', 0.1, 7, 1000] as const).map((wanted) => featuresPerSplit(wanted, 160)),
    ).toEqual([12, 7, 160, 16, 7, 160]);
    expect(featuresPerSplit(0.001, 10)).toBe(1);
  });

  it("balances as scikit-learn's compute_class_weight", () => {
    const { labels } = rowsOf('wine');
    const weights = classWeights(labels, 3, 'balanced');
    fixture.balancedWeights.forEach((weight, index) => {
      expect(weights[index]).toBeCloseTo(weight, 12);
    });
    expect([...classWeights(Int32Array.of(0, 0, 2), 3, 'balanced')]).toEqual([0.75, 0, 1.5]);
  });
});
