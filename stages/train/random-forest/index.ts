import { defineKind } from '../../../runner/kind/index.ts';
import { randomForestParams } from './params.ts';

export default defineKind({
  name: 'train/random-forest',
  summary: 'Trains a random forest on every fold of a split.',
  params: randomForestParams,
  inputs: { features: 'one', split: 'one', augmented: 'optional' },
  load: () => import('./run.ts'),
});
