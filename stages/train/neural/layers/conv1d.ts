import { expand, integers, reshape, shapeOf, squeeze } from '../graph/operations.ts';
import type { Graph, Output } from '../graph/graph.ts';
import { glorotUniform, zeros } from '../initializers.ts';
import { activate, activationGradient, addBias } from './dense.ts';
import { masked, realSteps } from './real-steps.ts';
import { sameInKeras, type LayerFactory, type Weight } from './layer.ts';

const convolution = {
  T: { type: 'float32' },
  strides: { integers: [1, 1, 1, 1] },
  padding: { text: 'SAME' },
} as const;

/**
 * Convolution over time with relu: [steps, channels] to [steps, filters]; the ends are padded with zeros. So the padding
 * of a batch is zero to it as well.
 */
export function conv1d(filters: number, kernelSize: number): LayerFactory {
  return ([steps, channels], name) => {
    const kernel: Weight = {
      name: `${name}/kernel`,
      shape: [kernelSize, channels, filters],
      initializer: glorotUniform,
      trainable: true,
      decays: true,
    };
    const bias: Weight = {
      name: `${name}/bias`,
      shape: [filters],
      initializer: zeros,
      trainable: true,
      decays: false,
    };
    return {
      name,
      type: 'Conv1D',
      outputShape: [steps, filters],
      weights: [kernel, bias],
      build(context, shards, lengths) {
        const { graph } = context;
        const masks = realSteps(graph, shards, lengths);
        // TensorFlow convolves pictures: time is the width of a picture that is one pixel high.
        const kernel2d = reshape(graph, context.read(kernel), [1, kernelSize, channels, filters]);
        const pictures = shards.map((x, i) => expand(graph, masked(graph, x, masks?.[i]), 1));
        const activated = pictures.map((x) => {
          const convolved = graph.one('Conv2D', [x, kernel2d], convolution);
          return activate(graph, addBias(graph, convolved, context.read(bias)), 'relu');
        });
        return {
          outputs: activated.map((y) => squeeze(graph, y, 1)),
          lengths,
          backward(gradients) {
            const inner = gradients.map((dy, i) =>
              activationGradient(graph, expand(graph, dy, 1), activated[i], 'relu'),
            );
            context.gradient(
              kernel,
              inner.map((dy, i) => kernelGradient(graph, pictures[i], dy, kernel.shape)),
            );
            context.gradient(
              bias,
              inner.map((dy) => graph.one('BiasAddGrad', [dy], { T: { type: 'float32' } })),
            );
            return inner.map((dy, i) => {
              const dx = graph.one(
                'Conv2DBackpropInput',
                [shapeOf(graph, pictures[i]), kernel2d, dy],
                convolution,
              );
              return masked(graph, squeeze(graph, dx, 1), masks?.[i]);
            });
          },
        };
      },
      stock: () => ({
        className: 'Conv1D',
        config: {
          filters,
          kernel_size: [kernelSize],
          strides: [1],
          dilation_rate: [1],
          padding: 'same',
          activation: 'relu',
          use_bias: true,
        },
        weights: [sameInKeras(kernel), sameInKeras(bias)],
      }),
    };
  };
}

function kernelGradient(graph: Graph, x: Output, dy: Output, shape: readonly number[]): Output {
  const sizes = integers(graph, [1, ...shape]);
  return reshape(graph, graph.one('Conv2DBackpropFilter', [x, sizes, dy], convolution), shape);
}
