import { describe, expect, it } from '@jest/globals';
import { dense } from '../../../../stages/train/neural/layers/dense.ts';
import { initialWeights, sequential } from '../../../../stages/train/neural/network.ts';
import { adam } from '../../../../stages/train/neural/optimizer.ts';
import { Trainer } from '../../../../stages/train/neural/trainer.ts';
import { someBatch } from './networks.ts';

const network = sequential([6], [dense(5), dense(3, 'linear')]);
const batch = someBatch(network, 12, 4);

/** The weights after each of some steps, and each step's gradients, told by the change of Adam's first moment. */
async function train(options: { weightDecay: number; clipNorm: number | null }, rates: readonly number[]) {
  const trainer = await Trainer.open(network, { ...options, loss: { type: 'crossEntropy' }, threads: 1 });
  trainer.restore(await initialWeights(network, 1));
  let before = trainer.state();
  const steps = rates.map((learningRate, index) => {
    const { gradientNorm } = trainer.step(batch, { learningRate, step: index + 1, seed: 0 });
    const after = trainer.state();
    const gradients = new Map(
      network.weights.map(({ name }) => [
        name,
        after
          .get(`${name}/m`)!
          .map((m, i) => (m - adam.beta1 * before.get(`${name}/m`)![i]) / (1 - adam.beta1)),
      ]),
    );
    const result = { before, after, gradients, gradientNorm };
    before = after;
    return result;
  });
  trainer.close();
  return steps;
}

function norm(gradients: ReadonlyMap<string, Float32Array>): number {
  return Math.hypot(...[...gradients.values()].flatMap((values) => [...values]));
}

describe('Adam', () => {
  it('takes the steps of its formula, at a rate that changes', async () => {
    const rates = [0.01, 0.02, 0.005];
    const moments = new Map(
      network.weights.map(({ name }) => [name, { m: [] as number[], v: [] as number[] }]),
    );
    for (const [index, { before, after, gradients }] of (
      await train({ weightDecay: 0, clipNorm: null }, rates)
    ).entries()) {
      const t = index + 1;
      for (const { name } of network.weights) {
        const { m, v } = moments.get(name)!;
        for (const [i, g] of gradients.get(name)!.entries()) {
          m[i] = adam.beta1 * (m[i] ?? 0) + (1 - adam.beta1) * g;
          v[i] = adam.beta2 * (v[i] ?? 0) + (1 - adam.beta2) * g * g;
          // Keras's form: the corrections of both moments are in the rate.
          const rate = (rates[index] * Math.sqrt(1 - adam.beta2 ** t)) / (1 - adam.beta1 ** t);
          const expected = before.get(name)![i] - (rate * m[i]) / (Math.sqrt(v[i]) + adam.epsilon);
          expect(after.get(name)![i]).toBeCloseTo(expected, 5);
        }
      }
    }
  });

  it('shrinks kernels, and kernels alone, by weight decay', async () => {
    const [plain] = await train({ weightDecay: 0, clipNorm: null }, [0.01]);
    const [decayed] = await train({ weightDecay: 0.5, clipNorm: null }, [0.01]);
    for (const { name, decays } of network.weights) {
      for (const [i, value] of decayed.after.get(name)!.entries()) {
        const shrunk = decays ? 0.01 * 0.5 * plain.before.get(name)![i] : 0;
        expect(value).toBeCloseTo(plain.after.get(name)![i] - shrunk, 6);
      }
    }
    expect(network.weights.filter(({ decays }) => decays).map(({ name }) => name)).toEqual([
      'dense/kernel',
      'dense_1/kernel',
    ]);
  });

  it('scales gradients down to the norm allowed, and leaves smaller ones as they are', async () => {
    const [free] = await train({ weightDecay: 0, clipNorm: null }, [0.01]);
    const whole = norm(free.gradients);
    expect(free.gradientNorm).toBeCloseTo(whole, 4);
    const [clipped] = await train({ weightDecay: 0, clipNorm: whole / 3 }, [0.01]);
    expect(norm(clipped.gradients)).toBeCloseTo(whole / 3, 4);
    expect(clipped.gradientNorm).toBeCloseTo(whole, 4);
    const [loose] = await train({ weightDecay: 0, clipNorm: whole * 2 }, [0.01]);
    expect(norm(loose.gradients)).toBeCloseTo(whole, 4);
  });
});
