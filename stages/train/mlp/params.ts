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
  initialScale: z
    .number()
    .positive()
    .default(1)
    .describe(
      'First weights lie within ± this / √inputs of their layer: small for many features and few clips.',
    ),
});

export type MlpParams = z.infer<typeof mlpParams>;
