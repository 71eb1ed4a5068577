import { defineKind } from '../../../runner/kind/index.ts';
import { ensembleParams } from './params.ts';

export default defineKind({
  name: 'train/ensemble',
  summary: 'Averages the probabilities of several trained models, fold by fold.',
  params: ensembleParams,
  inputs: { models: 'many', split: 'one' },
  resources: { cpus: 1 },
  load: () => import('./run.ts'),
});
