import { z } from 'zod';
import { defineKind } from '../../../runner/kind/index.ts';
import { trainingParams } from '../neural/params.ts';

export default defineKind({
  name: 'train/lstm',
  summary: 'Trains an LSTM (256 units) that reads the features value by value.',
  params: z.strictObject({ ...trainingParams }),
  inputs: { features: 'one', split: 'one', augmented: 'optional' },
  resources: { cpus: 2 },
  load: () => import('./run.ts'),
});
