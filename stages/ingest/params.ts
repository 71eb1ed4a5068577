import { z } from 'zod';

export const ingestParams = z.strictObject({
  root: z
    .string()
    .min(1)
    .default('data/ravdess')
    .describe('Folder with the RAVDESS speech recordings, in folders of any depth'),
});

export type IngestParams = z.infer<typeof ingestParams>;
