import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Graph } from '../../../../stages/train/neural/graph/graph.ts';
import { buildLoss, type LossFunction } from '../../../../stages/train/neural/loss.ts';
import { Session } from '../../../../stages/train/neural/tensorflow.ts';

interface Recorded {
  readonly logits: number[];
  readonly labels: number[];
  readonly cases: { alpha: number; gamma: number; value: number; gradient: number[] }[];
}

const recorded = JSON.parse(readFileSync('test/fixtures/keras/focal.json', 'utf8')) as Recorded;
const rows = recorded.labels.length;
const classes = 8;
const oneHot = new Float32Array(rows * classes);
for (const [row, label] of recorded.labels.entries()) oneHot[row * classes + label] = 1;

async function lossAndGradient(
  loss: LossFunction,
  logits: Float32Array,
  targets: Float32Array,
  weights: Float32Array,
): Promise<{ losses: Float32Array; gradient: Float32Array }> {
  const graph = new Graph();
  const built = buildLoss(
    graph,
    loss,
    graph.placeholder('logits', 'float32', [-1, classes]),
    graph.placeholder('targets', 'float32', [-1, classes]),
    graph.placeholder('weights', 'float32', [-1]),
  );
  const float = { T: { type: 'float32' } } as const;
  graph.one('Identity', [built.losses], float, 'losses');
  graph.one('Identity', [built.gradient], float, 'gradient');
  const session = await Session.open(graph, 1);
  const count = weights.length;
  const [losses, gradient] = session.run(
    {
      logits: { data: logits, shape: [count, classes] },
      targets: { data: targets, shape: [count, classes] },
      weights: { data: weights, shape: [count] },
    },
    ['losses', 'gradient'],
  );
  session.close();
  return { losses, gradient };
}

const mean = new Float32Array(rows).fill(1 / rows);

describe('the focal loss', () => {
  it.each(recorded.cases)('has Keras’s value and gradient at α $alpha, γ $gamma', async (expected) => {
    const loss = { type: 'focal', alpha: expected.alpha, gamma: expected.gamma } as const;
    const { losses, gradient } = await lossAndGradient(
      loss,
      Float32Array.from(recorded.logits),
      oneHot,
      mean,
    );
    const value = losses.reduce((sum, each) => sum + each / rows, 0);
    expect(value).toBeCloseTo(expected.value, 6);
    for (const [i, each] of gradient.entries()) expect(each).toBeCloseTo(expected.gradient[i], 6);
  });

  it('with γ 0 is α times the cross-entropy', async () => {
    const logits = Float32Array.from(recorded.logits);
    const focal = await lossAndGradient({ type: 'focal', alpha: 0.5, gamma: 0 }, logits, oneHot, mean);
    const plain = await lossAndGradient({ type: 'crossEntropy' }, logits, oneHot, mean);
    for (const [i, each] of focal.losses.entries()) expect(each).toBeCloseTo(plain.losses[i] / 2, 6);
    for (const [i, each] of focal.gradient.entries()) expect(each).toBeCloseTo(plain.gradient[i] / 2, 6);
  });

  it('stays finite where a row is certain, right or wrong', async () => {
    const logits = new Float32Array(2 * classes);
    logits[0] = 500;
    logits[classes + 1] = 500;
    const targets = new Float32Array(2 * classes);
    targets[0] = 1;
    targets[classes] = 1;
    const weights = new Float32Array(2).fill(1);
    for (const gamma of [0, 0.5, 1, 2]) {
      const { losses, gradient } = await lossAndGradient(
        { type: 'focal', alpha: 1, gamma },
        logits,
        targets,
        weights,
      );
      expect([...losses, ...gradient].every(Number.isFinite)).toBe(true);
      expect(losses[0]).toBeCloseTo(0, 5);
      expect(losses[1]).toBeCloseTo(500, 2);
    }
  });

  it('weighs rows', async () => {
    const logits = Float32Array.from(recorded.logits);
    const loss = { type: 'focal', alpha: 0.25, gamma: 2 } as const;
    const one = await lossAndGradient(loss, logits, oneHot, mean);
    const weights = mean.map((weight, row) => weight * row);
    const weighted = await lossAndGradient(loss, logits, oneHot, weights);
    for (const [i, each] of weighted.gradient.entries()) {
      expect(each).toBeCloseTo(one.gradient[i] * Math.floor(i / classes), 6);
    }
  });
});

describe('the cross-entropy', () => {
  it('of soft targets has the gradient softmax − target', async () => {
    const logits = Float32Array.of(1, 2, 3, 0, 0, 0, 0, 0);
    const targets = new Float32Array(classes).fill(0.02);
    targets[2] = 0.86;
    const { losses, gradient } = await lossAndGradient(
      { type: 'crossEntropy' },
      logits,
      targets,
      Float32Array.of(1),
    );
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const expected = targets.reduce((sum, target, i) => sum - target * (logits[i] - Math.log(total)), 0);
    expect(losses[0]).toBeCloseTo(expected, 5);
    for (const [i, each] of gradient.entries()) {
      expect(each).toBeCloseTo(Math.exp(logits[i]) / total - targets[i], 6);
    }
  });
});
