import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Columns, Row } from '../../../runner/kind/index.ts';
import { decodeWav } from '../../../stages/audio/wav/decode.ts';
import { DEMO_CORPUS, demoCorpus } from '../../../stages/corpus/demo/index.ts';
import mfcc from '../../../stages/features/mfcc/index.ts';
import preprocess from '../../../stages/preprocess/index.ts';
import { defaultForestOptions, fitForest, predictProbabilities } from '../../../stages/train/forest/index.ts';
import { indexOfLargest } from '../../../stages/train/predictions.ts';

/** A third of the corpus's own rate, for a third of the time. */
const SAMPLE_RATE = 16_000;
const CLASSES = 8;
const CHANCE = 1 / CLASSES;

interface Example {
  readonly speaker: number;
  readonly label: number;
  readonly features: Float32Array;
}

/** The study's vectors of the whole corpus, by the stages themselves. */
async function readCorpus(): Promise<Example[]> {
  const columns: Columns = { samples: { type: 'sequence', shape: [] }, sampleRate: { type: 'int32' } };
  const toClip = await (
    await preprocess.load()
  ).setup({ params: preprocess.params.parse({ sampleRate: SAMPLE_RATE }), columns, threads: 1 });
  const toFeatures = await (
    await mfcc.load()
  ).setup({ params: mfcc.params.parse({}), columns: toClip.columns, threads: 1 });
  const examples: Example[] = [];
  for (const { name, content } of demoCorpus({ ...DEMO_CORPUS, sampleRate: SAMPLE_RATE })) {
    const { samples, sampleRate } = decodeWav(content, name);
    const clip: Row = { id: name, cells: await toClip.run({ id: name, cells: { samples, sampleRate } }) };
    const { features } = await toFeatures.run(clip);
    const [, , emotion, , , , speaker] = name.slice(0, -4).split('-').map(Number);
    examples.push({ speaker, label: emotion - 1, features: features as Float32Array });
  }
  return examples;
}

function rowsOf(examples: readonly Example[]): Float32Array {
  const [{ features }] = examples;
  const rows = new Float32Array(examples.length * features.length);
  examples.forEach((example, n) => {
    rows.set(example.features, n * features.length);
  });
  return rows;
}

async function accuracyOf(train: readonly Example[], test: readonly Example[]): Promise<number> {
  const dimension = train[0].features.length;
  const labels = Int32Array.from(train, ({ label }) => label);
  const rows = { features: rowsOf(train), dimension, labels, classes: CLASSES };
  const forest = await fitForest(rows, { ...defaultForestOptions, seed: 1 });
  const probabilities = predictProbabilities(forest, rowsOf(test));
  const right = test.filter(
    ({ label }, n) => indexOfLargest(probabilities.subarray(n * CLASSES, (n + 1) * CLASSES)) === label,
  );
  return right.length / test.length;
}

describe('the emotions of the demo corpus', () => {
  let examples: Example[];
  beforeAll(async () => {
    examples = await readCorpus();
  });

  it('are learnt from some speakers and recognised in others, far better than by chance and not perfectly', async () => {
    const accuracies: number[] = [];
    for (const unseen of [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]) {
      const train = examples.filter(({ speaker }) => !unseen.includes(speaker));
      const test = examples.filter(({ speaker }) => unseen.includes(speaker));
      accuracies.push(await accuracyOf(train, test));
    }
    for (const accuracy of accuracies) expect(accuracy).toBeGreaterThan(4 * CHANCE);
    const mean = accuracies.reduce((sum, accuracy) => sum + accuracy / accuracies.length, 0);
    expect(mean).toBeGreaterThan(0.65);
    expect(mean).toBeLessThan(0.95);
  });
});
