import type { Attribute } from '../graph/attributes.ts';
import { binary, multiply, reshape, scalar, sum } from '../graph/operations.ts';
import type { LayerFactory } from './layer.ts';

/** The largest of each `size` steps; steps left over at the end are dropped: [steps, channels] to [⌊steps / size⌋, channels]. */
export function maxPooling1d(size: number): LayerFactory {
  const window: Record<string, Attribute> = {
    T: { type: 'float32' },
    ksize: { integers: [1, 1, size, 1] },
    strides: { integers: [1, 1, size, 1] },
    padding: { text: 'VALID' },
  };
  return ([steps, channels], name) => {
    const pooled = Math.floor(steps / size);
    return {
      name,
      type: 'MaxPooling1D',
      outputShape: [pooled, channels],
      weights: [],
      build({ graph }, shards) {
        const pictures = shards.map((x) => reshape(graph, x, [-1, 1, steps, channels]));
        const largest = pictures.map((x) => graph.one('MaxPool', [x], window));
        return {
          outputs: largest.map((y) => reshape(graph, y, [-1, pooled, channels])),
          backward: (gradients) =>
            gradients.map((gradient, i) => {
              const dy = reshape(graph, gradient, [-1, 1, pooled, channels]);
              const dx = graph.one('MaxPoolGrad', [pictures[i], largest[i], dy], window);
              return reshape(graph, dx, [-1, steps, channels]);
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

/** The mean over time: [steps, channels] to [channels]. */
export function globalAveragePooling1d(): LayerFactory {
  return ([steps, channels], name) => ({
    name,
    type: 'GlobalAveragePooling1D',
    outputShape: [channels],
    weights: [],
    build({ graph }, shards) {
      const perStep = scalar(graph, 1 / steps);
      return {
        outputs: shards.map((x) => multiply(graph, sum(graph, x, [1]), perStep)),
        backward: (gradients) =>
          gradients.map((dy, i) => {
            const share = reshape(graph, multiply(graph, dy, perStep), [-1, 1, channels]);
            return binary(
              graph,
              'AddV2',
              share,
              graph.one('ZerosLike', [shards[i]], { T: { type: 'float32' } }),
            );
          }),
      };
    },
    stock: () => ({ className: 'GlobalAveragePooling1D', config: {}, weights: [] }),
  });
}
