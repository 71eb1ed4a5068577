import { defineKind } from '../../../runner/kind/index.ts';
import { logisticRegressionParams } from './params.ts';

export default defineKind({
  name: 'train/logistic-regression',
  summary: 'Fits a multinomial logistic regression on every fold of a split.',
  params: logisticRegressionParams,
  inputs: { features: 'one', split: 'one', augmented: 'optional' },
  resources: { cpus: 1 },
  load: () => import('./run.ts'),
});
