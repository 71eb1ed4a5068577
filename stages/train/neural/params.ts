import { z } from 'zod';

const rate = z.number().min(0).lt(1);

const reduceLearningRate = z.strictObject({
  factor: z.number().gt(0).lt(1).default(0.5).describe('What the learning rate is multiplied by.'),
  patience: z.int().positive().default(5).describe('Epochs without a better validation loss before it is.'),
  minLearningRate: z.number().min(0).default(1e-6).describe('The rate it does not fall below.'),
});

/** The params of the one training loop that all networks share. */
export const trainingParams = {
  epochs: z.int().positive().default(30).describe('Most epochs to train for.'),
  batchSize: z.int().min(2).default(36).describe('Rows a step of the optimizer sees.'),
  learningRate: z.number().positive().default(1e-3).describe("Adam's learning rate at the start."),
  schedule: z
    .enum(['plateau', 'cosine', 'constant'])
    .default('plateau')
    .describe('`plateau`: reduced when the validation loss stalls; `cosine`: to zero along half a cosine.'),
  reduceLearningRate: reduceLearningRate
    .prefault({})
    .describe('How the schedule `plateau` reduces the learning rate; as Keras’s ReduceLROnPlateau.'),
  earlyStopping: z
    .strictObject({
      patience: z.int().positive().default(10).describe('Epochs without a better validation loss.'),
    })
    .nullable()
    .prefault({})
    .describe(
      'When to stop early; the best epoch’s weights are kept. Null: train all epochs, keep the last weights.',
    ),
  loss: z.enum(['focal', 'crossEntropy']).default('focal').describe('What is minimised.'),
  focal: z
    .strictObject({
      alpha: z.number().positive().default(0.25).describe('Factor of the loss.'),
      gamma: z.number().min(0).default(2).describe('How much rows already recognised are discounted.'),
    })
    .prefault({})
    .describe('The focal loss α (1 − pt)^γ ce.'),
  classWeights: z
    .enum(['none', 'balanced'])
    .default('none')
    .describe('`balanced`: rows weighted inversely to the frequency of their emotion in the training part.'),
  labelSmoothing: rate.default(0).describe('Share of a label spread over all emotions.'),
  mixup: z
    .number()
    .min(0)
    .default(0)
    .describe('α of the Beta distribution by which rows are mixed; 0: no mixup.'),
  weightDecay: z.number().min(0).default(0).describe('Decoupled weight decay of the kernels.'),
  clipNorm: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('Largest norm of the gradient; null: any.'),
  standardize: z
    .boolean()
    .default(true)
    .describe('Scale features to mean 0 and deviation 1, by the training rows. The study did not.'),
  normalizeBySpeaker: z
    .boolean()
    .default(false)
    .describe('Scale the clips of each speaker by that speaker’s own, test speakers included: transductive.'),
  refit: z
    .boolean()
    .default(false)
    .describe(
      'Once the validation part has given the temperature, train again from the start with its clips added.',
    ),
  dropout: rate.default(0.3).describe('Dropout after dense layers. The study does not give its rates.'),
  seed: z.int().min(0).default(42).describe('Of first weights, order of rows, dropout and mixup.'),
};

/** Of the networks that have convolutions. */
export const convolutionParams = {
  convolutionDropout: rate
    .default(0.2)
    .describe('Dropout after the second convolution. The study does not give its rates.'),
  batchNormMomentum: rate
    .default(0.9)
    .describe(
      'Share of the moving statistics kept at each step. At Keras’s 0.99 they lag behind for epochs.',
    ),
};

export type TrainingParams = z.infer<z.ZodObject<typeof trainingParams>>;
export type ConvolutionalTrainingParams = TrainingParams & z.infer<z.ZodObject<typeof convolutionParams>>;
/** What the layers of a network with convolutions depend on. */
export type ConvolutionOptions = Pick<
  ConvolutionalTrainingParams,
  'dropout' | 'convolutionDropout' | 'batchNormMomentum'
>;
