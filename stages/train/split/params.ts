import { z } from 'zod';

export const splitParams = z.strictObject({
  kind: z
    .enum(['random', 'holdout', 'speaker', 'leave-one-speaker-out', 'statement', 'corpus', 'published'])
    .default('random')
    .describe(
      'Protocol: clips at random, stratified by emotion; or, with no speaker in two parts: some speakers held out, folds over speakers, one fold a speaker, the published folds of RAVDESS; or one fold a statement, or one fold a corpus, trained on the others.',
    ),
  testFraction: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.2)
    .describe('Share of the clips (random) or of the speakers (holdout) that is tested.'),
  validationFraction: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe(
      'Share of what is not tested that validates. 0: the test part validates as well. By default 0 for random, 0.2 for the others.',
    ),
  folds: z.int().min(2).default(5).describe('Folds of the protocol speaker; at most one a speaker.'),
  testCorpora: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('Corpora that the protocol corpus tests, a fold each; by default every one.'),
  seed: z.int().nonnegative().default(42).describe('Seed of the draws.'),
  repeats: z.int().positive().default(1).describe('How often to cut, with the seeds that follow.'),
});

export type SplitParams = z.infer<typeof splitParams>;
