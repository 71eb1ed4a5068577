import { defineRowKind } from '../../runner/kind/index.ts';
import { augmentParams } from './params.ts';

export default defineRowKind({
  name: 'augment',
  summary: 'Changes clips at random, for training: speed, pitch, masks, noise and level, seeded by the clip',
  params: augmentParams,
  input: 'clips',
  load: () => import('./implementation.ts'),
});
