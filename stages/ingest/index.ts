import { defineSourceKind } from '../../runner/kind/index.ts';
import { ingestParams } from './params.ts';

export default defineSourceKind({
  name: 'ingest',
  summary: 'Reads speech recordings: samples, and the labels in the file names or in a table',
  params: ingestParams,
  files: ({ root }) => [root],
  load: () => import('./implementation.ts'),
});
