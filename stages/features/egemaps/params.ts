import { z } from 'zod';

/** Groups of functionals; their order is that of openSMILE whatever the order here. */
const GROUPS = ['pitch', 'loudness', 'spectrum', 'formants', 'harmonics', 'temporal'] as const;

export const egemapsParams = z.strictObject({
  groups: z
    .array(z.enum(GROUPS))
    .min(1)
    .default([...GROUPS])
    .describe('Which functionals are computed; docs/egemaps.md lists them'),
});

export type EgemapsParams = z.infer<typeof egemapsParams>;
