import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type * as tfjs from '@tensorflow/tfjs-node';
import { describeModel } from '../../../../stages/train/neural/model-files.ts';
import { initialWeights, type Network, type WeightValues } from '../../../../stages/train/neural/network.ts';
import { adam } from '../../../../stages/train/neural/optimizer.ts';
import { loadTensorflow } from '../../../../stages/train/neural/tensorflow.ts';
import { softmax } from '../../../../stages/train/temperature.ts';
import { Trainer, type Batch } from '../../../../stages/train/neural/trainer.ts';
import { networkNames, networkOf, someBatch } from './networks.ts';

/** Stock layers and their automatic gradients are the judge, at the study's sizes. */
let tf: typeof tfjs;
beforeAll(async () => {
  tf = await loadTensorflow(2);
});

describe.each(networkNames)('%s beside the stock layers of TensorFlow.js', (name) => {
  const network = networkOf(name);
  const batch = someBatch(network, 36, 1);
  let trainer: Trainer;
  let weights: WeightValues;
  let stock: tfjs.LayersModel;

  beforeAll(async () => {
    trainer = await Trainer.open(network, {
      loss: { type: 'focal', alpha: 0.25, gamma: 2 },
      threads: 2,
      weightDecay: 0,
      clipNorm: null,
    });
    weights = await initialWeights(network, 3);
    stock = await stockModel(network, weights);
  });
  afterAll(() => {
    trainer.close();
    stock.dispose();
  });

  it('predicts the same', () => {
    trainer.restore(weights);
    const ours = Float32Array.from(softmax(trainer.logits(batch.inputs, batch.rows), network.classes));
    const theirs = tf.tidy(() =>
      (stock.predict(inputTensor(network, batch)) as tfjs.Tensor).dataSync<'float32'>(),
    );
    expect(largestDifference(ours, theirs)).toBeLessThan(2e-6);
  });

  it('has the same gradient by every weight', () => {
    trainer.restore(weights);
    const { loss } = trainer.step(batch, { learningRate: 0, step: 1, seed: 0 });
    // Adam's first moment starts at zero: after one step it is (1 − β₁) times the gradient.
    const moments = trainer.state();
    const gradients = new Map(
      network.weights
        .filter(({ trainable }) => trainable)
        .map(({ name: weight }) => [weight, moments.get(`${weight}/m`)!.map((m) => m / (1 - adam.beta1))]),
    );
    const judged = stockGradients(network, stock, batch);
    expect(loss / batch.rows).toBeCloseTo(judged.loss, 5);
    let compared = 0;
    for (const layer of network.layers) {
      for (const weight of layer.stock().weights) {
        const theirs = judged.gradients.get(weight.name);
        if (theirs === undefined) continue;
        const scale = theirs.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
        expect(scale).toBeGreaterThan(0);
        expect(largestDifference(weight.read(gradients), theirs) / scale).toBeLessThan(2e-4);
        compared++;
      }
    }
    expect(compared).toBe(stock.trainableWeights.length);
  });
});

interface WeightSpec {
  name: string;
  shape: number[];
  dtype: 'float32';
}

async function stockModel(network: Network, weights: WeightValues): Promise<tfjs.LayersModel> {
  const { model, data } = describeModel(network, weights);
  const { modelTopology, weightsManifest } = model as {
    modelTopology: object;
    weightsManifest: { weights: WeightSpec[] }[];
  };
  return tf.loadLayersModel({
    load: () =>
      Promise.resolve({
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: Uint8Array.from(data).buffer,
      }),
  });
}

function inputTensor({ inputShape }: Network, { rows, inputs }: Batch): tfjs.Tensor {
  return tf.tensor(inputs, [rows, ...inputShape]);
}

function stockGradients(
  network: Network,
  model: tfjs.LayersModel,
  batch: Batch,
): { loss: number; gradients: Map<string, Float32Array> } {
  const { value, grads } = tf.variableGrads(() => {
    const output = model.apply(inputTensor(network, batch), { training: true }) as tfjs.Tensor2D;
    const targets = tf.tensor2d(batch.targets, [batch.rows, network.classes]);
    const pt = output.mul(targets).sum(1);
    return tf.sub(1, pt).square().mul(pt.log().neg()).mul(0.25).mean<tfjs.Scalar>();
  });
  const byVariable = new Map(model.trainableWeights.map((weight) => [weight.name, weight.originalName]));
  const gradients = new Map(
    Object.entries(grads).map(([variable, gradient]) => [
      byVariable.get(variable) ?? variable,
      Float32Array.from(gradient.dataSync<'float32'>()),
    ]),
  );
  const loss = value.dataSync()[0];
  tf.dispose([value, grads]);
  return { loss, gradients };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}
