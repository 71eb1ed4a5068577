import { defineKind } from '../../../runner/kind/index.ts';
import { linearSvmParams } from './params.ts';

export default defineKind({
  name: 'train/linear-svm',
  summary: 'Fits linear support vector machines, one emotion against the rest, on every fold of a split.',
  params: linearSvmParams,
  inputs: { features: 'one', split: 'one', augmented: 'optional' },
  resources: { cpus: 1 },
  load: () => import('./run.ts'),
});
