import { z } from 'zod';

export const mfccParams = z
  .strictObject({
    coefficients: z.int().min(1).max(512).default(40).describe('Cepstral coefficients (n_mfcc)'),
    mels: z
      .int()
      .min(1)
      .max(512)
      .default(40)
      .describe('Bands of the mel spectrogram beside the coefficients'),
    mfccMels: z.int().min(1).max(512).default(128).describe('Mel bands under the coefficients (n_mels)'),
    nFft: z
      .int()
      .min(64)
      .max(65_536)
      .refine((size) => Number.isInteger(Math.log2(size)), 'must be a power of two')
      .default(2048)
      .describe('Samples of a frame, a power of two (n_fft)'),
    hopLength: z.int().min(1).default(512).describe('Samples from frame to frame (hop_length)'),
  })
  .refine(({ coefficients, mfccMels }) => coefficients <= mfccMels, {
    path: ['coefficients'],
    message: 'must not be more than mfccMels',
  });

export type MfccParams = z.infer<typeof mfccParams>;
