import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batchNormalization } from '../../../../stages/train/neural/layers/batch-normalization.ts';
import { conv1d } from '../../../../stages/train/neural/layers/conv1d.ts';
import { dense } from '../../../../stages/train/neural/layers/dense.ts';
import { lstm } from '../../../../stages/train/neural/layers/lstm.ts';
import { globalAveragePooling1d, maxPooling1d } from '../../../../stages/train/neural/layers/pooling.ts';
import { describeModel } from '../../../../stages/train/neural/model-files.ts';
import { initialWeights, sequential, type WeightValues } from '../../../../stages/train/neural/network.ts';
import { randomStream } from '../../../../stages/train/neural/random.ts';
import { openLayersModel } from '../../../../stages/train/neural/tensorflow.ts';
import { Trainer, type Batch } from '../../../../stages/train/neural/trainer.ts';
import { joinSequences } from '../../../../stages/train/sequences.ts';
import { softmax } from '../../../../stages/train/temperature.ts';
import { fromKeras, gradientsOfFirstStep } from './keras-weights.ts';
import { networkNames, networkOf } from './networks.ts';

const loss = { type: 'focal', alpha: 0.25, gamma: 2 } as const;
const options = { loss, threads: 2, weightDecay: 0, clipNorm: null };
const step = { learningRate: 0, step: 1, seed: 4 };
/** Batches of the same clips with more and more steps of padding. */
const paddings = [0, 7, 100];

interface Recorded {
  readonly weights: Readonly<Record<string, number[]>>;
  readonly gradients: Readonly<Record<string, number[]>>;
  readonly logits: readonly number[];
  readonly loss: number;
}
const read = (name: string): unknown =>
  JSON.parse(readFileSync(`test/fixtures/sequences/${name}.json`, 'utf8'));
const clips = read('clips') as { lengths: number[]; frames: number[]; labels: number[] };
const [width, classes] = [3, 4];
const heads = {
  lstm: [lstm(4, true), lstm(3), dense(classes, 'linear')],
  pooled: [globalAveragePooling1d(), dense(classes, 'linear')],
};

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}

function batchOf(
  lengths: readonly number[],
  frames: ArrayLike<number>,
  labels: readonly number[],
  padding: number,
): Batch {
  const count = Math.max(...labels) + 1;
  const targets = new Float32Array(labels.length * count);
  for (const [row, label] of labels.entries()) targets[row * count + label] = 1;
  const offsets = Int32Array.from([0, ...lengths]);
  for (let i = 1; i < offsets.length; i++) offsets[i] += offsets[i - 1];
  return {
    rows: lengths.length,
    inputs: Float32Array.from(frames),
    sequences: { offsets, steps: Math.max(...lengths) + padding },
    targets,
    weights: new Float32Array(lengths.length).fill(1),
  };
}

/** PyTorch sees every clip at its own length, Keras sees them behind a mask. */
describe.each([
  ['PyTorch', 'lstm'],
  ['PyTorch', 'pooled'],
  ['Keras', 'lstm'],
  ['Keras', 'pooled'],
] as const)('sequences of unequal length beside %s: %s', (library, head) => {
  const front =
    library === 'PyTorch'
      ? [conv1d(5, 3), batchNormalization(0.9), maxPooling1d(2)]
      : [batchNormalization(0.9)];
  const network = sequential([-1, width], [...front, ...heads[head]]);
  const recorded = (read(library.toLowerCase()) as Record<string, Recorded>)[head];
  const statistics = statisticsOf(recorded);
  let trainer: Trainer;
  let weights: WeightValues;
  beforeAll(async () => {
    trainer = await Trainer.open(network, options);
    weights = new Map([...(await initialWeights(network, 1)), ...fromKeras(network, recorded.weights)]);
  });
  afterAll(() => {
    trainer.close();
  });

  it.each(paddings)('has its loss, gradients and statistics with %i steps of padding', (padding) => {
    trainer.restore(weights);
    const batch = batchOf(clips.lengths, clips.frames, clips.labels, padding);
    const result = trainer.step(batch, step);
    expect(result.loss / batch.rows).toBeCloseTo(recorded.loss, 6);
    const state = trainer.state();
    const gradients = gradientsOfFirstStep(network, state);
    expect([...gradients.keys()].sort()).toEqual(Object.keys(recorded.gradients).sort());
    for (const [name, gradient] of gradients) {
      expect(largestDifference(gradient, recorded.gradients[name])).toBeLessThan(1e-6);
    }
    const moved = (old: number, value: number): number => 0.9 * old + 0.1 * value;
    const { mean, variance } = statistics;
    const movedMean = state.get('batch_normalization/moving_mean')!;
    const movedVariance = state.get('batch_normalization/moving_variance')!;
    expect(
      largestDifference(
        movedMean,
        mean.map((value) => moved(0, value)),
      ),
    ).toBeLessThan(1e-6);
    expect(
      largestDifference(
        movedVariance,
        variance.map((value) => moved(1, value)),
      ),
    ).toBeLessThan(1e-6);
  });

  it('has its logits, of a clip alone too', () => {
    trainer.restore(
      new Map([
        ...weights,
        ['batch_normalization/moving_mean', Float32Array.from(statistics.mean)],
        ['batch_normalization/moving_variance', Float32Array.from(statistics.variance)],
      ]),
    );
    const { inputs, rows, sequences } = batchOf(clips.lengths, clips.frames, clips.labels, 0);
    const { offsets } = sequences!;
    expect(largestDifference(trainer.logits(inputs, rows, offsets), recorded.logits)).toBeLessThan(2e-6);
    for (const [row, steps] of clips.lengths.entries()) {
      const alone = inputs.subarray(offsets[row] * width, offsets[row + 1] * width);
      const logits = trainer.logits(alone, 1, Int32Array.of(0, steps));
      expect(
        largestDifference(logits, recorded.logits.slice(row * classes, (row + 1) * classes)),
      ).toBeLessThan(2e-6);
    }
  });
});

/** The statistics of the batch: PyTorch's as they are, Keras's out of its moving ones. */
function statisticsOf(recorded: object): { mean: number[]; variance: number[] } {
  if ('mean' in recorded) return recorded as { mean: number[]; variance: number[] };
  const { movedMean, movedVariance } = recorded as { movedMean: number[]; movedVariance: number[] };
  return {
    mean: movedMean.map((value) => value / 0.1),
    variance: movedVariance.map((value) => (value - 0.9) / 0.1),
  };
}

describe.each(networkNames)('%s on sequences of unequal length', (name) => {
  const channels = 5;
  const network = networkOf(name, [-1, channels], 8, 0.3);
  const random = randomStream(2);
  const rows = Array.from({ length: 11 }, (_, i) =>
    Float32Array.from({ length: (9 + ((i * 7) % 23)) * channels }, () => random.normal()),
  );
  const { data, offsets } = joinSequences(rows, channels);
  let trainer: Trainer;
  let weights: WeightValues;
  beforeAll(async () => {
    trainer = await Trainer.open(network, options);
    weights = await initialWeights(network, 3);
  });
  afterAll(() => {
    trainer.close();
  });

  it('learns the same whatever the padding, dropout included', () => {
    const labels = rows.map((_, i) => i % 8);
    const lengths = rows.map((row) => row.length / channels);
    const seen = paddings.map((padding) => {
      trainer.restore(weights);
      const { loss: sum, gradientNorm } = trainer.step(batchOf(lengths, data, labels, padding), step);
      expect(gradientNorm).toBeGreaterThan(0);
      return { sum, gradients: gradientsOfFirstStep(network, trainer.state()), state: trainer.state() };
    });
    for (const { sum, gradients, state } of seen.slice(1)) {
      expect(Math.abs(sum - seen[0].sum) / rows.length).toBeLessThan(1e-6);
      for (const [weight, gradient] of gradients) {
        expect(largestDifference(gradient, seen[0].gradients.get(weight)!)).toBeLessThan(1e-6);
      }
      for (const [weight, value] of state) {
        expect(largestDifference(value, seen[0].state.get(weight)!)).toBeLessThan(1e-6);
      }
    }
  });

  it('predicts a clip as stock layers of TensorFlow.js do that see it alone', async () => {
    trainer.restore(weights);
    const ours = softmax(trainer.logits(data, rows.length, offsets), 8);
    const model = describeModel(network, weights);
    const stock = await openLayersModel(model.model, model.data);
    for (const [row, values] of rows.entries()) {
      const theirs = stock(values, 1, values.length / channels);
      expect(largestDifference(ours.subarray(row * 8, (row + 1) * 8), theirs)).toBeLessThan(1e-6);
    }
  });
});

it('sequences of 26 steps are learnt as well in 150 steps as in 32', async () => {
  const network = sequential([-1, 4], [lstm(24), dense(4, 'linear')]);
  const batch = (padding: number, at: number): Batch => {
    const draw = randomStream(9, at);
    const labels = Array.from({ length: 32 }, (_, i) => i % 4);
    const frames = labels.flatMap((label) =>
      // The emotion shows in which channel rises over the clip.
      Array.from({ length: 26 * 4 }, (_, i) => draw.normal() + (i % 4 === label ? i / 26 : 0)),
    );
    return batchOf(
      labels.map(() => 26),
      frames,
      labels,
      padding,
    );
  };
  const accuracies: number[] = [];
  const losses: number[][] = [];
  for (const padding of [6, 124]) {
    const trainer = await Trainer.open(network, options);
    trainer.restore(await initialWeights(network, 5));
    const course = Array.from({ length: 25 }, (_, i) =>
      trainer.step(batch(padding, i), { learningRate: 1e-2, step: i + 1, seed: 0 }),
    );
    losses.push(course.map((result) => result.loss));
    accuracies.push(course.at(-1)!.correct / 32);
    trainer.close();
  }
  expect(accuracies[0]).toBeGreaterThan(0.9);
  expect(accuracies[1]).toBe(accuracies[0]);
  expect(largestDifference(losses[1], losses[0])).toBeLessThan(1e-3);
});
