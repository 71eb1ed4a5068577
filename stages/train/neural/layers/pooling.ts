import type { Attribute } from '../graph/attributes.ts';
import type { Graph, Output } from '../graph/graph.ts';
import {
  binary,
  cast,
  expand,
  integer,
  multiply,
  reshape,
  scalar,
  squeeze,
  sum,
  unary,
} from '../graph/operations.ts';
import type { LayerFactory } from './layer.ts';
import { masked, realSteps } from './real-steps.ts';

/** The largest of each `size` steps; steps left over at the end are dropped: [steps, channels] to [⌊steps / size⌋, channels]. */
export function maxPooling1d(size: number): LayerFactory {
  const window: Record<string, Attribute> = {
    T: { type: 'float32' },
    ksize: { integers: [1, 1, size, 1] },
    strides: { integers: [1, 1, size, 1] },
    padding: { text: 'VALID' },
  };
  return ([steps, channels], name) => {
    const pooled = steps === -1 ? -1 : Math.floor(steps / size);
    return {
      name,
      type: 'MaxPooling1D',
      outputShape: [pooled, channels],
      weights: [],
      // The windows that are left of a row's real steps have none of its padding in them.
      build({ graph }, shards, lengths) {
        const pictures = shards.map((x) => expand(graph, x, 1));
        const largest = pictures.map((x) => graph.one('MaxPool', [x], window));
        return {
          outputs: largest.map((y) => squeeze(graph, y, 1)),
          lengths: lengths?.map((length) =>
            graph.one('FloorDiv', [length, integer(graph, size)], { T: { type: 'int32' } }),
          ),
          backward: (gradients) =>
            gradients.map((gradient, i) => {
              const dy = expand(graph, gradient, 1);
              return squeeze(graph, graph.one('MaxPoolGrad', [pictures[i], largest[i], dy], window), 1);
            }),
        };
      },
      stock: () => ({
        className: 'MaxPooling1D',
        config: { pool_size: [size], strides: [size], padding: 'valid' },
        weights: [],
      }),
    };
  };
}

/** The mean over time, of real steps only: [steps, channels] to [channels]. */
export function globalAveragePooling1d(): LayerFactory {
  return ([steps, channels], name) => ({
    name,
    type: 'GlobalAveragePooling1D',
    outputShape: [channels],
    weights: [],
    build({ graph }, shards, lengths) {
      const masks = realSteps(graph, shards, lengths);
      const perStep = shards.map((_, i) =>
        lengths === undefined ? scalar(graph, 1 / steps) : inverse(graph, lengths[i]),
      );
      return {
        outputs: shards.map((x, i) =>
          multiply(graph, sum(graph, masked(graph, x, masks?.[i]), [1]), perStep[i]),
        ),
        backward: (gradients) =>
          gradients.map((dy, i) => {
            const share = reshape(graph, multiply(graph, dy, perStep[i]), [-1, 1, channels]);
            const spread = binary(graph, 'AddV2', share, unary(graph, 'ZerosLike', shards[i]));
            return masked(graph, spread, masks?.[i]);
          }),
      };
    },
    stock: () => ({ className: 'GlobalAveragePooling1D', config: {}, weights: [] }),
  });
}

/** 1 / length, [rows, 1]. */
function inverse(graph: Graph, lengths: Output): Output {
  return expand(graph, unary(graph, 'Reciprocal', cast(graph, lengths, 'int32', 'float32')), 1);
}
