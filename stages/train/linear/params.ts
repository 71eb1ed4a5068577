import { z } from 'zod';

/** The params that all linear classifiers share. */
export const linearParams = {
  C: z
    .number()
    .positive()
    .default(0.01)
    .describe('Inverse strength of the L2 penalty, as in scikit-learn: smaller is smoother.'),
  classWeights: z
    .enum(['none', 'balanced'])
    .default('none')
    .describe('`balanced`: clips weighted inversely to the frequency of their emotion in the training part.'),
  standardize: z
    .boolean()
    .default(true)
    .describe('Scale features to mean 0 and deviation 1, by the training rows.'),
  normalizeBySpeaker: z
    .boolean()
    .default(false)
    .describe('Scale the clips of each speaker by that speaker’s own, test speakers included: transductive.'),
  refit: z
    .boolean()
    .default(false)
    .describe(
      'Once the validation part has given the temperature, fit the weights again with its clips added.',
    ),
  maxIterations: z.int().positive().default(100).describe('Most Newton steps.'),
  tolerance: z
    .number()
    .positive()
    .default(1e-6)
    .describe('The fit ends when the gradient has shrunk to this share of what it was at the start.'),
};

export type LinearParams = z.infer<z.ZodObject<typeof linearParams>>;
