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
  'voiced',
  'voicedProbability',
] as const;

export type DescriptorName = (typeof DESCRIPTORS)[number];

export const STATISTICS = ['mean', 'std', 'min', 'p10', 'p25', 'p50', 'p75', 'p90', 'max'] as const;

export type Statistic = (typeof STATISTICS)[number];

const probability = z.number().gt(0).lt(1);

const pyin = z.strictObject({
  thresholds: z.int().min(1).max(10_000).default(100).describe('Thresholds for troughs (n_thresholds)'),
  betaParameters: z
    .tuple([z.number().positive(), z.number().positive()])
    .default([2, 18])
    .describe('Shape of the prior over the thresholds (beta_parameters)'),
  boltzmannParameter: z
    .number()
    .positive()
    .default(2)
    .describe('How much the prior over troughs prefers short periods (boltzmann_parameter)'),
  resolution: z
    .number()
    .min(0.01)
    .lt(1)
    .default(0.1)
    .describe('Distance of the pitches that are told apart, in semitones (resolution)'),
  maxTransitionRate: z
    .number()
    .positive()
    .default(35.92)
    .describe('Greatest change of the pitch, in octaves a second (max_transition_rate)'),
  switchProbability: probability
    .default(0.01)
    .describe('Probability that voicing begins or ends from a frame to the next (switch_prob)'),
  noTroughProbability: probability
    .default(0.01)
    .describe('Greatest probability of the lowest trough where none is deep enough (no_trough_prob)'),
});

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
        'Most frames of a sequence: what a longer clip has more is cut off; null: as many as the clip has',
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
    pitchMethod: z
      .enum(['yin', 'pyin'])
      .default('yin')
      .describe('How `pitch` is found; `voiced` and `voicedProbability` are those of pyin in either case'),
    unvoicedPitch: z
      .number()
      .min(0)
      .nullable()
      .default(null)
      .describe('Pitch of the frames that pyin finds unvoiced, in Hz (fill_na); null: the best guess'),
    pyin: pyin.prefault({}).describe('How pyin weighs pitches and voicing'),
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
