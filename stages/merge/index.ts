import { z } from 'zod';
import { defineKind } from '../../runner/kind/index.ts';

export default defineKind({
  name: 'merge',
  summary: 'Puts the rows of several tables of equal columns into one, such as the clips of several corpora',
  params: z.strictObject({}),
  inputs: { tables: 'many' },
  passes: 'tables',
  resources: { cpus: 1 },
  load: () => import('./run.ts'),
});
