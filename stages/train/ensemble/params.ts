import { z } from 'zod';

export const ensembleParams = z.strictObject({
  average: z
    .enum(['arithmetic', 'geometric'])
    .default('arithmetic')
    .describe('How probabilities are averaged: as they are, or by their logarithms.'),
  weights: z
    .array(z.number().positive())
    .min(2)
    .nullable()
    .default(null)
    .describe('What each model counts, in the order of the input `models`; null: all alike.'),
  calibrate: z
    .boolean()
    .default(true)
    .describe('Fit a temperature of the average on the validation part, where the split has one of its own.'),
});

export type EnsembleParams = z.infer<typeof ensembleParams>;
