import { z } from 'zod';
import { defineKind } from '../../../runner/kind/index.ts';
import { convolutionParams, trainingParams } from '../neural/params.ts';

export default defineKind({
  name: 'train/cnn-lstm',
  summary: 'Trains a CNN of three convolutions followed by two LSTM layers.',
  params: z.strictObject({ ...trainingParams, ...convolutionParams }),
  inputs: { features: 'one', split: 'one', augmented: 'optional' },
  resources: { cpus: 2 },
  load: () => import('./run.ts'),
});
