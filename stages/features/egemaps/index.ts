import { defineRowKind } from '../../../runner/kind/index.ts';
import { egemapsParams } from './params.ts';

export default defineRowKind({
  name: 'features/egemaps',
  summary: 'Voice descriptors like those of eGeMAPS v02, at openSMILE’s numbers where these could be matched',
  params: egemapsParams,
  input: 'clips',
  load: () => import('./implementation.ts'),
});
