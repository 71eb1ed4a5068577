import { z } from 'zod';

export const randomForestParams = z.strictObject({
  engine: z
    .enum(['histogram', 'ml-random-forest'])
    .default('histogram')
    .describe(
      '`histogram`: of this package, as accurate as scikit-learn; or the npm package: slow, features drawn once a tree.',
    ),
  trees: z.int().positive().default(100).describe('Trees of a forest.'),
  criterion: z.enum(['gini', 'entropy']).default('gini').describe('Measure of impurity.'),
  maxFeatures: z
    .union([z.enum(['sqrt', 'log2', 'all']), z.number().positive()])
    .default('sqrt')
    .describe(
      'Features looked at for a split: a count from 1, a share below 1, or a function of their number.',
    ),
  maxDepth: z.int().positive().nullable().default(null).describe('Most splits above a leaf; null: any.'),
  minSamplesSplit: z.int().min(2).default(2).describe('Clips a node needs to be split.'),
  minSamplesLeaf: z.int().positive().default(1).describe('Clips a leaf holds at least.'),
  bootstrap: z.boolean().default(true).describe('Whether each tree draws its clips with replacement.'),
  classWeights: z
    .enum(['none', 'balanced'])
    .default('none')
    .describe('`balanced`: clips weighted inversely to the frequency of their emotion in the training part.'),
  seed: z.int().min(0).default(42).describe('Of the clips and features drawn.'),
});

export type RandomForestParams = z.infer<typeof randomForestParams>;
