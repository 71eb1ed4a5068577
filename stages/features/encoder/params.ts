import { z } from 'zod';

export const DTYPES = ['fp32', 'fp16', 'int8', 'uint8', 'q8'] as const;

export const encoderParams = z
  .strictObject({
    model: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('Folder of the encoder: config.json, preprocessor_config.json and onnx/'),
    layers: z
      .union([z.literal('all'), z.array(z.union([z.literal('last'), z.int().min(0)])).min(1)])
      .default(['last'])
      .describe(
        'Hidden states to take, side by side: 0 is the input of the first block, n the output of block n',
      ),
    pool: z
      .enum(['mean', 'mean+std', 'none'])
      .default('mean')
      .describe(
        'Over time: the mean, the mean and the standard deviation, or none, which keeps the sequence',
      ),
    steps: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'With pool none, most frames of a sequence: longer ones are cut; null: as many as the clip has',
      ),
    dtype: z
      .enum(['auto', ...DTYPES])
      .default('auto')
      .describe('Which file of onnx/ to run; auto: fp32, or else fp16'),
  })
  .refine((params) => params.steps === null || params.pool === 'none', {
    path: ['steps'],
    error: 'steps has a meaning only with pool: none',
  });

export type EncoderParams = z.infer<typeof encoderParams>;
export type Dtype = (typeof DTYPES)[number];
