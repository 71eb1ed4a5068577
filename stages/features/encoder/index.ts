import { defineRowKind } from '../../../runner/kind/index.ts';
import { encoderParams } from './params.ts';

export default defineRowKind({
  name: 'features/encoder',
  summary: 'Hidden states of a pretrained speech encoder: Wav2Vec2, HuBERT, WavLM, Whisper and their kin',
  params: encoderParams,
  input: 'clips',
  files: ({ model }) => (model === null ? [] : [model]),
  // The session of the encoder is itself parallel.
  parallel: 'process',
  resources: { cpus: 'all' },
  load: () => import('./implementation.ts'),
});
