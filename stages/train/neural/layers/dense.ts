import type { Graph, Output } from '../graph/graph.ts';
import { matMul, sum, unary } from '../graph/operations.ts';
import { glorotUniform, zeros, type Initializer } from '../initializers.ts';
import { sameInKeras, type LayerFactory, type Weight } from './layer.ts';

export type Activation = 'relu' | 'linear';

/** `activation(x · kernel + bias)` on vectors. A network's last layer is linear: its softmax is in the loss. */
export function dense(
  units: number,
  activation: Activation = 'relu',
  initializer: Initializer = glorotUniform,
): LayerFactory {
  return ([inputs], name) => {
    const kernel: Weight = {
      name: `${name}/kernel`,
      shape: [inputs, units],
      initializer,
      trainable: true,
      decays: true,
    };
    const bias: Weight = {
      name: `${name}/bias`,
      shape: [units],
      initializer: zeros,
      trainable: true,
      decays: false,
    };
    return {
      name,
      type: 'Dense',
      outputShape: [units],
      weights: [kernel, bias],
      build(context, shards) {
        const { graph } = context;
        const weights = context.read(kernel);
        const outputs = shards.map((x) =>
          activate(graph, addBias(graph, matMul(graph, x, weights), context.read(bias)), activation),
        );
        return {
          outputs,
          backward(gradients) {
            const inner = gradients.map((dy, i) => activationGradient(graph, dy, outputs[i], activation));
            context.gradient(
              kernel,
              inner.map((dy, i) => matMul(graph, shards[i], dy, { a: true })),
            );
            context.gradient(
              bias,
              inner.map((dy) => sum(graph, dy, [0])),
            );
            return inner.map((dy) => matMul(graph, dy, weights, { b: true }));
          },
        };
      },
      stock: () => ({
        className: 'Dense',
        // Keras's softmax output layer is our linear one.
        config: { units, activation: activation === 'linear' ? 'softmax' : activation, use_bias: true },
        weights: [sameInKeras(kernel), sameInKeras(bias)],
      }),
    };
  };
}

export function addBias(graph: Graph, x: Output, bias: Output): Output {
  return graph.one('BiasAdd', [x, bias], { T: { type: 'float32' } });
}

export function activate(graph: Graph, x: Output, activation: Activation): Output {
  return activation === 'relu' ? unary(graph, 'Relu', x) : x;
}

/** The gradient by an activation's input, from the one by its output and the output itself. */
export function activationGradient(graph: Graph, dy: Output, y: Output, activation: Activation): Output {
  return activation === 'relu' ? graph.one('ReluGrad', [dy, y], { T: { type: 'float32' } }) : dy;
}
