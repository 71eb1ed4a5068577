import { beforeAll, describe, expect, it } from '@jest/globals';
import type * as tfjs from '@tensorflow/tfjs-node';
import { loadTensorflow } from '../../stages/train/neural/tensorflow.ts';

describe('tfjs-node inside the test environment', () => {
  let tf: typeof tfjs;

  beforeAll(async () => {
    tf = await loadTensorflow(1);
  });

  it('runs on the native backend and returns the realm’s own typed arrays', async () => {
    expect(tf.getBackend()).toBe('tensorflow');
    const sum = await tf.add([1, 2], [3, 4]).data();
    expect(sum).toEqual(Float32Array.of(4, 6));
    expect(sum instanceof Float32Array).toBe(true);
  });

  it('trains a model', async () => {
    const inputs = tf.tensor2d([0, 1, 2, 3], [4, 1]);
    const targets = tf.tensor2d([1, 3, 5, 7], [4, 1]);
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })],
    });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    for (let step = 0; step < 200; step++) await model.trainOnBatch(inputs, targets);
    const [prediction] = await (model.predict(tf.tensor2d([10], [1, 1])) as tfjs.Tensor).data();
    expect(prediction).toBeCloseTo(21, 1);
  });
});
