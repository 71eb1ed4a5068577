import { z } from 'zod';
import { defineKind } from '../../../runner/kind/index.ts';
import { convolutionParams, trainingParams } from '../neural/params.ts';

export default defineKind({
  name: 'train/cnn',
  summary: 'Trains a CNN of three convolutions over the features.',
  params: z.strictObject({ ...trainingParams, ...convolutionParams }),
  inputs: { features: 'one', split: 'one' },
  resources: { cpus: 2 },
  load: () => import('./run.ts'),
});
