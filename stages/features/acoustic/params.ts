import { z } from 'zod';

export const DESCRIPTORS = [
  'mfcc',
  'delta',
  'delta2',
  'mel',
  'chroma',
  'contrast',
  'zeroCrossingRate',
  'rms',
  'pitch',
] as const;

export type DescriptorName = (typeof DESCRIPTORS)[number];

export const STATISTICS = ['mean', 'std', 'min', 'p10', 'p25', 'p50', 'p75', 'p90', 'max'] as const;

export type Statistic = (typeof STATISTICS)[number];

export const acousticParams = z
  .strictObject({
    descriptors: z
      .array(z.enum(DESCRIPTORS))
      .min(1)
      .default(['mfcc', 'delta', 'delta2', 'mel'])
      .describe('What is computed of each frame, in the order of the result'),
    output: z
      .enum(['statistics', 'sequence'])
      .default('statistics')
      .describe('statistics: one vector a clip; sequence: the frames themselves, for recurrent models'),
    statistics: z
      .array(z.enum(STATISTICS))
      .min(1)
      .default(['mean', 'std'])
      .describe('Over the frames, one block of all descriptors for each; p25 is the 25th percentile'),
    steps: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'Frames of a sequence: longer ones are cut, shorter ones filled with zeros; null keeps each its own',
      ),
    coefficients: z.int().min(1).max(512).default(40).describe('Cepstral coefficients (n_mfcc)'),
    mels: z
      .int()
      .min(1)
      .max(512)
      .default(40)
      .describe('Bands of the mel spectrogram beside the coefficients'),
    mfccMels: z.int().min(1).max(512).default(128).describe('Mel bands under the coefficients (n_mels)'),
    pitchMin: z.number().positive().default(65).describe('Lowest pitch that is looked for, in Hz'),
    pitchMax: z.number().positive().default(500).describe('Highest pitch that is looked for, in Hz'),
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
  })
  .refine(({ pitchMin, pitchMax }) => pitchMin < pitchMax, {
    path: ['pitchMin'],
    message: 'must be less than pitchMax',
  });

export type AcousticParams = z.infer<typeof acousticParams>;
