import { z } from 'zod';

function range(lowest: number, highest: number, what: string) {
  return z
    .tuple([z.number().min(lowest).max(highest), z.number().min(lowest).max(highest)])
    .refine(([from, to]) => from <= to, 'the first number must not be greater than the second')
    .nullable()
    .default(null)
    .describe(`${what}, drawn evenly from [lowest, highest]; null: none`);
}

export const augmentParams = z.strictObject({
  seed: z.int().min(0).default(42).describe('Of all draws, together with the id of the clip'),
  stretch: range(0.5, 2, 'Speed, 1 being as it is, the pitch staying'),
  pitch: range(-12, 12, 'Shift of the pitch in semitones, to the nearest quarter tone'),
  frequencyMasks: z.int().min(0).max(10).default(0).describe('Bands of frequency that are taken out'),
  frequencyMaskHertz: z.number().positive().default(1000).describe('Greatest width of such a band, in Hz'),
  timeMasks: z.int().min(0).max(10).default(0).describe('Stretches of time that are silenced'),
  timeMaskSeconds: z.number().positive().default(0.2).describe('Greatest length of such a stretch, in s'),
  noiseDb: range(-20, 100, 'Ratio of signal to added white noise in dB'),
  gainDb: range(-60, 60, 'Change of the level in dB'),
});

export type AugmentParams = z.infer<typeof augmentParams>;
