import { defineRowKind } from '../../../runner/kind/index.ts';
import { mfccParams } from './params.ts';

export default defineRowKind({
  name: 'features/mfcc',
  summary: 'Means over time of MFCC, their deltas and delta-deltas, and the mel spectrogram in dB',
  params: mfccParams,
  input: 'clips',
  load: () => import('./implementation.ts'),
});
