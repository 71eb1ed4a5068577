import { adam } from '../../../../stages/train/neural/optimizer.ts';
import type { Network, WeightValues } from '../../../../stages/train/neural/network.ts';

/** Keras's weights under our names: an LSTM's kernels one above the other, its gates in our order. */
export function fromKeras(
  network: Network,
  weights: Readonly<Record<string, readonly number[]>>,
): Map<string, Float32Array> {
  return new Map(
    network.weights
      .filter(({ name }) => Object.hasOwn(weights, name))
      .map(({ name, shape }) => {
        const values = Float32Array.from([
          ...weights[name],
          ...(name.startsWith('lstm') && name.endsWith('/kernel')
            ? weights[name.replace('/kernel', '/recurrent_kernel')]
            : []),
        ]);
        return [name, name.startsWith('lstm') ? swapGates(values, shape.at(-1)! / 4) : values];
      }),
  );
}

function swapGates(values: Float32Array, units: number): Float32Array {
  return values.map((_, i) => {
    const gate = Math.floor(i / units) % 4;
    return values[i + (gate === 1 ? units : gate === 2 ? -units : 0)];
  });
}

/** The gradients of the first step of a trainer, by Keras's names, out of the state after it. */
export function gradientsOfFirstStep(network: Network, state: WeightValues): Map<string, Float32Array> {
  // Adam's first moment starts at zero: after one step it is (1 − β₁) times the gradient.
  const own = new Map(
    network.weights
      .filter(({ trainable }) => trainable)
      .map(({ name }) => [name, state.get(`${name}/m`)!.map((m) => m / (1 - adam.beta1))]),
  );
  const stock = network.layers.flatMap((layer) => layer.stock().weights);
  return new Map(
    stock.filter(({ name }) => !name.includes('/moving_')).map((weight) => [weight.name, weight.read(own)]),
  );
}
