import { z } from 'zod';
import { defineKind } from '../../../runner/kind/index.ts';
import { convolutionParams, trainingParams } from '../neural/params.ts';

export default defineKind({
  name: 'train/cnn',
  summary: 'Trains a CNN of three convolutions over the features.',
  params: z.strictObject({
    ...trainingParams,
    ...convolutionParams,
    // Convolutions read how neighbouring features lie to each other, which standardising each by itself blurs.
    standardize: trainingParams.standardize
      .unwrap()
      .default(false)
      .describe(
        'Scale features to mean 0 and deviation 1, by the training rows. Off: this network does better without.',
      ),
  }),
  inputs: { features: 'one', split: 'one', augmented: 'optional' },
  resources: { cpus: 2 },
  load: () => import('./run.ts'),
});
