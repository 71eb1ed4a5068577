import type { LayerSummary } from '../summary.ts';
import type { Shape } from './graph/attributes.ts';
import type { Layer, LayerFactory, Weight } from './layers/layer.ts';
import { randomStream } from './random.ts';

/** A network whose layers follow one another; its last layer gives one logit a class. */
export interface Network {
  /** Of one row: [steps, channels]; [-1, channels] where steps differ from row to row. */
  readonly inputShape: Shape;
  readonly classes: number;
  readonly layers: readonly Layer[];
  readonly weights: readonly Weight[];
}

/** Puts layers together; names are made of the layers' types and counted as Keras counts them. */
export function sequential(inputShape: Shape, factories: readonly LayerFactory[]): Network {
  const layers: Layer[] = [];
  const counts = new Map<string, number>();
  let shape = inputShape;
  for (const factory of factories) {
    const base = snakeCase(factory(shape, '').type);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    const layer = factory(shape, count === 0 ? base : `${base}_${count}`);
    layers.push(layer);
    shape = layer.outputShape;
  }
  return { inputShape, classes: shape[0], layers, weights: layers.flatMap((layer) => layer.weights) };
}

/** `MaxPooling1D` to `max_pooling1d`, as Keras names layers. */
function snakeCase(type: string): string {
  return type.replace(/([a-z0-9])([A-Z][a-z])/g, '$1_$2').toLowerCase();
}

/** Whether rows are sequences of unequal length. */
export function hasUnequalSteps([steps]: Shape): boolean {
  return steps === -1;
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** The values of a network's weights by name. */
export type WeightValues = ReadonlyMap<string, Float32Array>;

/** First values; each weight has a stream of its own, so that a changed layer leaves the others as they are. */
export async function initialWeights(network: Network, seed: number): Promise<WeightValues> {
  const values = new Map<string, Float32Array>();
  for (const [index, weight] of network.weights.entries()) {
    values.set(weight.name, await weight.initializer(weight.shape, randomStream(seed, index)));
  }
  return values;
}

export function summarizeLayers(network: Network): LayerSummary[] {
  return network.layers.map(({ name, type, outputShape, weights }) => ({
    name,
    type,
    outputShape: outputShape.map((size) => (size === -1 ? null : size)),
    parameters: countParameters(weights),
  }));
}

export function countNetworkParameters({ weights }: Network): { total: number; trainable: number } {
  return {
    total: countParameters(weights),
    trainable: countParameters(weights.filter(({ trainable }) => trainable)),
  };
}

function countParameters(weights: readonly Weight[]): number {
  return weights.reduce((total, { shape }) => total + sizeOf(shape), 0);
}
