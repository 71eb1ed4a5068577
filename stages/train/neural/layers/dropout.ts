import type { Graph, Output } from '../graph/graph.ts';
import { atLeast, integers, multiply, scalar, shapeOf, transpose } from '../graph/operations.ts';
import { deriveSeed } from '../random.ts';
import type { LayerFactory } from './layer.ts';

/**
 * Sets a share of the values to zero while training and scales the others up, so that their sum is kept in the
 * mean. The masks come from TensorFlow's counter-based generator (Philox), keyed by step, layer and shard.
 */
export function dropout(rate: number): LayerFactory {
  return (shape, name) => ({
    name,
    type: 'Dropout',
    outputShape: shape,
    weights: [],
    build(context, shards, lengths) {
      if (!context.training || rate === 0)
        return { outputs: shards, lengths, backward: (gradients) => gradients };
      const { graph } = context;
      const masks = shards.map((x, shard) => {
        const key = integers(graph, [deriveSeed(shard, ...new TextEncoder().encode(name)), 0]);
        const seed = graph.one('AddV2', [context.seed, key], { T: { type: 'int32' } });
        const uniform = lengths === undefined ? drawn(graph, x, seed) : drawnByStep(graph, x, seed);
        return multiply(graph, atLeast(graph, uniform, scalar(graph, rate)), scalar(graph, 1 / (1 - rate)));
      });
      return {
        outputs: shards.map((x, i) => multiply(graph, x, masks[i])),
        lengths,
        backward: (gradients) => gradients.map((dy, i) => multiply(graph, dy, masks[i])),
      };
    },
    stock: () => ({ className: 'Dropout', config: { rate }, weights: [] }),
  });
}

/** Uniform numbers in [0, 1), as many as there are values. */
function drawn(graph: Graph, x: Output, seed: Output): Output {
  return graph.one('StatelessRandomUniform', [shapeOf(graph, x), seed], {
    dtype: { type: 'float32' },
    Tseed: { type: 'int32' },
  });
}

/** Drawn step by step for all rows, so that the draws of a step do not depend on how many steps of padding follow. */
function drawnByStep(graph: Graph, x: Output, seed: Output): Output {
  return transpose(graph, drawn(graph, transpose(graph, x, [1, 0, 2]), seed), [1, 0, 2]);
}
