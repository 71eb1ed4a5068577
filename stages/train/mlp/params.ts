import { z } from 'zod';
import { trainingParams } from '../neural/params.ts';

export const mlpParams = z.strictObject({
  ...trainingParams,
  units: z.array(z.int().positive()).min(1).default([256]).describe('Sizes of the hidden layers.'),
  inputDropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('Share of the features that a training step does not see.'),
});

export type MlpParams = z.infer<typeof mlpParams>;
