import { defineRowKind } from '../../../runner/kind/index.ts';
import { acousticParams } from './params.ts';

export default defineRowKind({
  name: 'features/acoustic',
  summary:
    'Acoustic descriptors as statistics over time or as sequences: MFCC, chroma, contrast, level, pitch',
  params: acousticParams,
  input: 'clips',
  load: () => import('./implementation.ts'),
});
