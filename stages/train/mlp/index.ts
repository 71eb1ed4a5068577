import { defineKind } from '../../../runner/kind/index.ts';
import { mlpParams } from './params.ts';

export default defineKind({
  name: 'train/mlp',
  summary: 'Trains a multilayer perceptron on vectors of features, as encoders give them.',
  params: mlpParams,
  inputs: { features: 'one', split: 'one', augmented: 'optional' },
  resources: { cpus: 2 },
  load: () => import('./run.ts'),
});
