import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-node';

describe('tfjs-node inside the test environment', () => {
  it('runs on the native backend and returns the realm’s own typed arrays', async () => {
    expect(tf.getBackend()).toBe('tensorflow');
    const sum = tf.add([1, 2], [3, 4]);
    expect(await sum.data()).toEqual(Float32Array.of(4, 6));
    expect((await sum.data()) instanceof Float32Array).toBe(true);
  });

  it('trains a model', async () => {
    const inputs = tf.tensor2d([0, 1, 2, 3], [4, 1]);
    const targets = tf.tensor2d([1, 3, 5, 7], [4, 1]);
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'zeros' })],
    });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
    for (let step = 0; step < 200; step++) await model.trainOnBatch(inputs, targets);
    const [prediction] = await (model.predict(tf.tensor2d([10], [1, 1])) as tf.Tensor).data();
    expect(prediction).toBeCloseTo(21, 1);
  });
});
