import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { Kind } from '../../../runner/kind/index.ts';
import augment from '../../../stages/augment/index.ts';
import mfcc from '../../../stages/features/mfcc/index.ts';
import ingest from '../../../stages/ingest/index.ts';
import preprocess from '../../../stages/preprocess/index.ts';
import randomForest from '../../../stages/train/random-forest/index.ts';
import split from '../../../stages/train/split/index.ts';
import { plan } from '../../runner/config/plan.ts';

it('docs/features.md shows a pipeline with augmented clips that plans', async () => {
  const kinds = [augment, mfcc, ingest, preprocess, randomForest, split] as unknown as Kind[];
  const yaml = Array.from(readFileSync('docs/features.md', 'utf8').matchAll(/^```yaml\n([^]*?)^```$/gm))
    .map(([, block]) => block)
    .find((block) => block.startsWith('stages:'))!;
  const { instances } = await plan(yaml, {
    kinds: {
      names: () => Promise.resolve(kinds.map(({ name }) => name)),
      load: (name) => Promise.resolve(kinds.find((kind) => kind.name === name)),
    },
  });
  expect(instances.find(({ name }) => name === 'forest')!.inputs).toEqual({
    features: ['mfcc'],
    augmented: ['mfcc-changed'],
    split: ['split'],
  });
});
