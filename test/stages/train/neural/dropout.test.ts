import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Graph } from '../../../../stages/train/neural/graph/graph.ts';
import { dropout } from '../../../../stages/train/neural/layers/dropout.ts';
import type { BuildContext } from '../../../../stages/train/neural/layers/layer.ts';
import { Session } from '../../../../stages/train/neural/tensorflow.ts';

const rate = 0.3;
const size = 20_000;

/** Two shards of ones through two layers of dropout, side by side, and a gradient of twos back through them. */
function build(): Graph {
  const graph = new Graph();
  const seed = graph.placeholder('seed', 'int32', [2]);
  const ones = graph.constant(new Float32Array(size).fill(1), [1, size]);
  const twos = graph.constant(new Float32Array(size).fill(2), [1, size]);
  const context = { graph, training: true, seed } as unknown as BuildContext;
  for (const name of ['first', 'second']) {
    const { outputs, backward } = dropout(rate)([size], name).build(context, [ones, ones]);
    const float = { T: { type: 'float32' } } as const;
    for (const [i, output] of outputs.entries()) graph.one('Identity', [output], float, `${name}/${i}`);
    for (const [i, gradient] of backward([twos, twos]).entries()) {
      graph.one('Identity', [gradient], float, `${name}/gradient/${i}`);
    }
  }
  return graph;
}

describe('dropout', () => {
  let session: Session;
  beforeAll(async () => {
    session = await Session.open(build(), 2);
  });
  afterAll(() => {
    session.close();
  });
  const run = (seed: number, step: number, output: string): Float32Array =>
    session.run({ seed: { data: Int32Array.of(seed, step), shape: [2] } }, [output])[0];

  it('drops its share and scales the rest up', () => {
    const values = [...run(1, 1, 'first/0')];
    const dropped = values.filter((value) => value === 0).length;
    expect(Math.abs(dropped / size - rate)).toBeLessThan(0.015);
    for (const value of values) expect([0, Math.fround(1 / (1 - rate))]).toContain(value);
  });

  it('lets gradients through where values went through', () => {
    const [output, gradient] = session.run({ seed: { data: Int32Array.of(1, 1), shape: [2] } }, [
      'first/0',
      'first/gradient/0',
    ]);
    expect([...gradient]).toEqual([...output.map((value) => value * 2)]);
  });

  it('has masks of each seed’s, step’s, layer’s and shard’s own, and the same ones again', () => {
    const masks = [
      run(1, 1, 'first/0'),
      run(2, 1, 'first/0'),
      run(1, 2, 'first/0'),
      run(1, 1, 'second/0'),
      run(1, 1, 'first/1'),
    ].map((mask) => mask.join());
    expect(new Set(masks).size).toBe(masks.length);
    expect(run(1, 1, 'first/0').join()).toBe(masks[0]);
  });
});
