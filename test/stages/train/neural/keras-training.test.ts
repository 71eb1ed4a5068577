import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { evaluate } from '../../../../stages/train/neural/fit.ts';
import { batchNormalization } from '../../../../stages/train/neural/layers/batch-normalization.ts';
import { conv1d } from '../../../../stages/train/neural/layers/conv1d.ts';
import { dense } from '../../../../stages/train/neural/layers/dense.ts';
import { lstm } from '../../../../stages/train/neural/layers/lstm.ts';
import { maxPooling1d } from '../../../../stages/train/neural/layers/pooling.ts';
import { sequential } from '../../../../stages/train/neural/network.ts';
import { softmax } from '../../../../stages/train/temperature.ts';
import { Trainer } from '../../../../stages/train/neural/trainer.ts';
import { fromKeras } from './keras-weights.ts';

interface Recorded {
  readonly inputs: number[];
  readonly labels: number[];
  readonly initial: Record<string, number[]>;
  readonly final: Record<string, number[]>;
  readonly history: Record<'loss' | 'accuracy' | 'val_loss' | 'val_accuracy', number[]>;
  readonly probabilities: number[];
}

const recorded = JSON.parse(readFileSync('test/fixtures/keras/training.json', 'utf8')) as Recorded;
const loss = { type: 'focal', alpha: 0.25, gamma: 2 } as const;
const classes = 4;
const dimension = 13 * 2;
const network = sequential(
  [13, 2],
  [
    conv1d(5, 3),
    batchNormalization(0.99),
    maxPooling1d(2),
    lstm(4, true),
    lstm(3),
    dense(6),
    dense(classes, 'linear'),
  ],
);

/** A training of six epochs over 16 rows in batches of 6, 6 and 4, as Keras recorded it. */
describe('a small network trained beside Keras', () => {
  const inputs = Float32Array.from(recorded.inputs);
  const labels = Int32Array.from(recorded.labels);
  const history: Recorded['history'] = { loss: [], accuracy: [], val_loss: [], val_accuracy: [] };
  let trainer: Trainer;

  beforeAll(async () => {
    trainer = await Trainer.open(network, { loss, threads: 2, weightDecay: 0, clipNorm: null });
    trainer.restore(fromKeras(network, recorded.initial));
    const validation = { rows: 6, inputs: inputs.subarray(16 * dimension), labels: labels.subarray(16) };
    let step = 0;
    for (let epoch = 0; epoch < 6; epoch++) {
      let [sum, correct] = [0, 0];
      for (const [from, to] of [
        [0, 6],
        [6, 12],
        [12, 16],
      ]) {
        const targets = new Float32Array((to - from) * classes);
        for (let row = from; row < to; row++) targets[(row - from) * classes + labels[row]] = 1;
        const result = trainer.step(
          {
            rows: to - from,
            inputs: inputs.subarray(from * dimension, to * dimension),
            targets,
            weights: new Float32Array(to - from).fill(1),
          },
          { learningRate: 0.02, step: ++step, seed: 0 },
        );
        sum += result.loss;
        correct += result.correct;
      }
      history.loss.push(sum / 16);
      history.accuracy.push(correct / 16);
      const judged = evaluate(trainer, validation, classes, loss);
      history.val_loss.push(judged.validationLoss);
      history.val_accuracy.push(judged.validationAccuracy);
    }
  });
  afterAll(() => {
    trainer.close();
  });

  it.each(['loss', 'accuracy', 'val_loss', 'val_accuracy'] as const)(
    'has the same %s in every epoch',
    (name) => {
      expect(history[name]).toHaveLength(recorded.history[name].length);
      for (const [epoch, value] of history[name].entries()) {
        expect(value).toBeCloseTo(recorded.history[name][epoch], 4);
      }
    },
  );

  it('ends with the same weights, moving statistics included', () => {
    const expected = fromKeras(network, recorded.final);
    const before = fromKeras(network, recorded.initial);
    for (const [name, values] of trainer.weights()) {
      const theirs = expected.get(name)!;
      // All weights moved, so agreement is no accident.
      expect(values.some((value, i) => Math.abs(value - before.get(name)![i]) > 0.01)).toBe(true);
      for (const [i, value] of values.entries()) expect(Math.abs(value - theirs[i])).toBeLessThan(1e-3);
    }
  });

  it('gives the same probabilities', () => {
    const probabilities = softmax(trainer.logits(inputs, 22), classes);
    for (const [i, value] of probabilities.entries()) {
      expect(Math.abs(value - recorded.probabilities[i])).toBeLessThan(1e-3);
    }
  });

  it('predicts a row alone as among others', () => {
    const alone = trainer.logits(inputs.subarray(0, dimension), 1);
    const among = trainer.logits(inputs, 22).subarray(0, classes);
    for (const [i, value] of alone.entries()) expect(value).toBeCloseTo(among[i], 6);
  });
});
