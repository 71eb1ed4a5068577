import { z } from 'zod';
import { HIGHEST_RATE, LOWEST_RATE } from '../audio/limits.ts';

export const preprocessParams = z.strictObject({
  sampleRate: z
    .int()
    .min(LOWEST_RATE)
    .max(HIGHEST_RATE)
    .default(48_000)
    .describe('Sample rate that every clip is brought to, in Hz'),
  trimDb: z
    .number()
    .positive()
    .nullable()
    .default(20)
    .describe('Ends that lie this far below the loudest part are cut off, in dB; null keeps them'),
  normalize: z
    .enum(['peak', 'none'])
    .default('peak')
    .describe('peak: the loudest sample becomes 1; none: the level stays'),
  silenceDb: z
    .number()
    .max(0)
    .nullable()
    .default(-70)
    .describe(
      'A clip with less than 50 ms above this level, in dBFS, is silent and fails; null: any will do',
    ),
  speed: z
    .number()
    .min(0.5)
    .max(2)
    .default(1)
    .describe('Play the clip so many times as fast, as a tape: pitch and formants rise with it'),
});

export type PreprocessParams = z.infer<typeof preprocessParams>;
