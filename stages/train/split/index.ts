import { defineKind } from '../../../runner/kind/index.ts';
import { splitParams } from './params.ts';

export default defineKind({
  name: 'train/split',
  summary: 'Cuts the clips into training, validation and test, and audits what crosses between them.',
  family: null,
  params: splitParams,
  inputs: { clips: 'one' },
  load: () => import('./run.ts'),
});
