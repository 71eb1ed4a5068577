import { z } from 'zod';
import type { KindRegistry } from '../../../runner/config/index.ts';
import { defineKind, defineRowKind, defineSourceKind } from '../../../runner/kind/index.ts';
import type { Kind } from '../../../runner/kind/index.ts';

const never = (): Promise<never> => Promise.reject(new Error('planning loads no code of a stage'));

const training = z.strictObject({
  epochs: z.int().min(1).default(30),
  learningRate: z.number().gt(0).default(1e-3),
  earlyStopping: z
    .strictObject({ patience: z.int().min(1), monitor: z.string() })
    .nullable()
    .default({ patience: 10, monitor: 'validationLoss' }),
});

function trainer(name: string): Kind {
  return defineKind({
    name,
    summary: name,
    params: training,
    inputs: { features: 'one', split: 'one' },
    load: never,
  });
}

export const kinds: readonly Kind[] = [
  defineSourceKind({
    name: 'ingest',
    summary: 'Reads clips.',
    params: z.strictObject({ root: z.string().default('data/ravdess') }),
    files: ({ root }) => [root],
    load: never,
  }),
  defineRowKind({
    name: 'preprocess',
    summary: 'Trims, normalises, resamples.',
    params: z.strictObject({
      sampleRate: z.int().min(1).default(16_000),
      trimDb: z.number().min(0).nullable().default(20),
      normalize: z.enum(['peak', 'none']).default('peak'),
    }),
    input: 'clips',
    resources: { cpus: 'all' },
    load: never,
  }),
  defineRowKind({
    name: 'features/mfcc',
    summary: 'MFCC.',
    params: z.strictObject({
      coefficients: z.int().min(1).max(128).default(40).describe('MFCC a frame.'),
      mels: z.int().default(40),
      window: z.enum(['hann', 'hamming', 'rectangular']).default('hann'),
    }),
    input: 'clips',
    load: never,
  }),
  defineRowKind({
    name: 'features/encoder',
    summary: 'Embeddings.',
    params: z.strictObject({
      model: z.string(),
      layers: z
        .union([z.literal('all'), z.array(z.union([z.int(), z.literal('last')])).min(1)])
        .default(['last']),
      pool: z.enum(['mean', 'none']).default('mean'),
    }),
    input: 'clips',
    resources: { cpus: 2, memory: '2GB' },
    load: never,
  }),
  defineKind({
    name: 'train/split',
    summary: 'Splits.',
    family: null,
    params: z.strictObject({
      kind: z.enum(['random', 'speaker']).default('random'),
      testFraction: z.number().gt(0).lt(1).default(0.2),
      seed: z.int().default(42),
    }),
    inputs: { clips: 'one' },
    load: never,
  }),
  trainer('train/lstm'),
  trainer('train/cnn'),
  trainer('train/cnn-lstm'),
  defineKind({
    name: 'train/random-forest',
    summary: 'Forest.',
    params: z.strictObject({ trees: z.int().default(100) }),
    inputs: { features: 'one', split: 'one' },
    load: never,
  }),
  defineKind({
    name: 'evaluate',
    summary: 'Report.',
    params: z.strictObject({ title: z.string().default('Report') }),
    inputs: { models: 'many', split: 'one', baseline: 'optional' },
    load: never,
  }),
];

/** A registry of the kinds above, or of those given. */
export function registry(list: readonly Kind[] = kinds): KindRegistry {
  const byName = new Map(list.map((kind) => [kind.name, kind]));
  return {
    names: () => Promise.resolve([...byName.keys()]),
    load: (name) => Promise.resolve(byName.get(name)),
  };
}
