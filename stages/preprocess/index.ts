import { defineRowKind } from '../../runner/kind/index.ts';
import { preprocessParams } from './params.ts';

export default defineRowKind({
  name: 'preprocess',
  summary: 'Brings clips to one sample rate, cuts silent ends off and normalises the peak, as librosa does',
  params: preprocessParams,
  input: 'clips',
  load: () => import('./implementation.ts'),
});
