import type { Graph, Output } from '../graph/graph.ts';
import {
  add,
  cast,
  multiply,
  reshape,
  reshapeLike,
  scalar,
  subtract,
  sum,
  sumOf,
  unary,
} from '../graph/operations.ts';
import { ones, zeros } from '../initializers.ts';
import {
  sameInKeras,
  type BuildContext,
  type Forward,
  type LayerFactory,
  type Shards,
  type Weight,
} from './layer.ts';

import { masked, realSteps } from './real-steps.ts';

/** Keras's default. */
const epsilon = 1e-3;

/**
 * Batch normalisation over rows and steps (Ioffe and Szegedy, 2015). While training the statistics are those of
 * the whole batch, gathered over its shards, of real steps only; afterwards the moving ones, which keep the share `momentum` of
 * themselves at every step.
 */
export function batchNormalization(momentum: number): LayerFactory {
  return ([steps, channels], name) => {
    const weight = (suffix: string, initial: number, trainable: boolean): Weight => ({
      name: `${name}/${suffix}`,
      shape: [channels],
      initializer: initial === 0 ? zeros : ones,
      trainable,
      decays: false,
    });
    const gamma = weight('gamma', 1, true);
    const beta = weight('beta', 0, true);
    const movingMean = weight('moving_mean', 0, false);
    const movingVariance = weight('moving_variance', 1, false);

    function inference(context: BuildContext, shards: Shards, lengths?: Shards): Forward {
      const { graph } = context;
      const scale = multiply(
        graph,
        context.read(gamma),
        inverseDeviation(graph, context.read(movingVariance)),
      );
      const offset = subtract(graph, context.read(beta), multiply(graph, context.read(movingMean), scale));
      return {
        outputs: shards.map((x) => add(graph, multiply(graph, x, scale), offset)),
        lengths,
        backward() {
          throw new Error('batch normalisation has a gradient in training only');
        },
      };
    }

    function training(context: BuildContext, shards: Shards, lengths?: Shards): Forward {
      const { graph } = context;
      const masks = realSteps(graph, shards, lengths)?.map((mask) => reshape(graph, mask, [-1, 1]));
      const flat = shards.map((x) => reshape(graph, x, [-1, channels]));
      const perValue =
        lengths === undefined
          ? multiply(graph, context.perRow, scalar(graph, 1 / steps))
          : unary(graph, 'Reciprocal', countSteps(graph, lengths));
      const meanOf = (parts: Shards): Output =>
        multiply(
          graph,
          sumOf(
            graph,
            parts.map((part) => sum(graph, part, [0])),
          ),
          perValue,
        );
      const mean = meanOf(flat.map((x, i) => masked(graph, x, masks?.[i])));
      const centred = flat.map((x, i) => masked(graph, subtract(graph, x, mean), masks?.[i]));
      const variance = meanOf(centred.map((x) => unary(graph, 'Square', x)));
      const inverse = inverseDeviation(graph, variance);
      const scale = multiply(graph, context.read(gamma), inverse);
      const updateRate = scalar(graph, 1 - momentum);
      for (const [moving, current] of [
        [movingMean, mean],
        [movingVariance, variance],
      ] as const) {
        const before = context.read(moving);
        const step = multiply(graph, subtract(graph, current, before), updateRate);
        context.assign(moving, add(graph, before, step));
      }
      return {
        outputs: centred.map((x, i) =>
          reshapeLike(graph, add(graph, multiply(graph, x, scale), context.read(beta)), shards[i]),
        ),
        lengths,
        backward(gradients) {
          const dys = gradients.map((dy) => reshape(graph, dy, [-1, channels]));
          const dBeta = dys.map((dy) => sum(graph, dy, [0]));
          // By the centred values; times `inverse`, the gradient by gamma.
          const dCentred = dys.map((dy, i) => sum(graph, multiply(graph, dy, centred[i]), [0]));
          context.gradient(beta, dBeta);
          context.gradient(
            gamma,
            dCentred.map((part) => multiply(graph, part, inverse)),
          );
          // dx = γ/σ · (dy − mean(dy) − x̂ · mean(dy · x̂)), with x̂ = centred / σ.
          const meanGradient = multiply(graph, sumOf(graph, dBeta), perValue);
          const slope = multiply(
            graph,
            multiply(graph, sumOf(graph, dCentred), perValue),
            unary(graph, 'Square', inverse),
          );
          return dys.map((dy, i) => {
            const straight = subtract(
              graph,
              subtract(graph, dy, meanGradient),
              multiply(graph, centred[i], slope),
            );
            return reshapeLike(graph, masked(graph, multiply(graph, straight, scale), masks?.[i]), shards[i]);
          });
        },
      };
    }

    return {
      name,
      type: 'BatchNormalization',
      outputShape: [steps, channels],
      weights: [gamma, beta, movingMean, movingVariance],
      build: (context, shards, lengths) =>
        context.training ? training(context, shards, lengths) : inference(context, shards, lengths),
      stock: () => ({
        className: 'BatchNormalization',
        config: { axis: -1, momentum, epsilon, center: true, scale: true },
        weights: [gamma, beta, movingMean, movingVariance].map(sameInKeras),
      }),
    };
  };
}

function inverseDeviation(graph: Graph, variance: Output): Output {
  return unary(graph, 'Rsqrt', add(graph, variance, scalar(graph, epsilon)));
}

/** The real steps of the whole batch, a float32 scalar. */
function countSteps(graph: Graph, lengths: Shards): Output {
  const counts = lengths.map((length) => sum(graph, cast(graph, length, 'int32', 'float32'), [0]));
  return sumOf(graph, counts);
}
