import { Graph, type Output } from './graph/graph.ts';
import { argMax, cast, multiply, stack, sum, sumOf } from './graph/operations.ts';
import { Variables, type Slot } from './graph/variables.ts';
import type { BuildContext, Weight } from './layers/layer.ts';
import { buildLoss, type LossFunction } from './loss.ts';
import { hasUnequalSteps, type Network } from './network.ts';
import { buildAdam, type OptimizerOptions } from './optimizer.ts';

/**
 * A batch is cut into this many shards, whose parts of the graph run in parallel. Fixed, whatever the number of
 * threads: the gradient's bits depend on where the batch is cut.
 */
export const shardCount = 2;

export function eachShard<T>(make: (index: number) => T): T[] {
  return Array.from({ length: shardCount }, (_, index) => make(index));
}

export interface TrainingGraphOptions extends OptimizerOptions {
  readonly loss: LossFunction;
}

/**
 * A network as a TensorFlow graph. Its inputs are placeholders, a float32 one each but `seed`; `/i` is the shard:
 * `input/i` [rows, …], `targets/i` [rows, classes], `weights/i` [rows], `perRow` (1 / rows of the batch), `seed`
 * (int32 [2]), `optimizer` [3], `set/…` a variable's new value; for sequences of unequal length `lengths/i`, int32
 * [rows], the real steps of each row, the others being zeros behind them. What can be fetched:
 * - `trained` does one step and gives [Σ weight · loss, rows recognised, norm of the gradient];
 * - `logits/i`, [rows, classes], as outside of training;
 * - `get/…` gives a variable; `restored` sets all of them.
 */
export function buildTrainingGraph(
  network: Network,
  options: TrainingGraphOptions,
): { graph: Graph; slots: Slot[] } {
  const graph = new Graph();
  const variables = new Variables(graph);
  for (const weight of network.weights) variables.declare(weight.name, weight.shape);
  const inputs = eachShard((i) => graph.placeholder(`input/${i}`, 'float32', [-1, ...network.inputShape]));
  const lengths = hasUnequalSteps(network.inputShape)
    ? eachShard((i) => graph.placeholder(`lengths/${i}`, 'int32', [-1]))
    : undefined;
  const targets = eachShard((i) => graph.placeholder(`targets/${i}`, 'float32', [-1, network.classes]));
  const rowWeights = eachShard((i) => graph.placeholder(`weights/${i}`, 'float32', [-1]));
  const feed = graph.placeholder('optimizer', 'float32', [3]);
  const gradients = new Map<Weight, readonly Output[]>();
  const updates: string[] = [];
  const context: Omit<BuildContext, 'training'> = {
    graph,
    read: (weight) => variables.read(weight.name),
    perRow: graph.placeholder('perRow', 'float32', []),
    seed: graph.placeholder('seed', 'int32', [2]),
    gradient(weight, parts) {
      gradients.set(weight, parts);
    },
    assign(weight, value) {
      updates.push(variables.assign(weight.name, value));
    },
  };

  const predicted = throughLayers(network, { ...context, training: false }, inputs, lengths).outputs;
  for (const [i, logits] of predicted.entries()) {
    graph.one('Identity', [logits], { T: { type: 'float32' } }, `logits/${i}`);
  }

  const { outputs: logits, backward } = throughLayers(
    network,
    { ...context, training: true },
    inputs,
    lengths,
  );
  const losses = logits.map((shard, i) => buildLoss(graph, options.loss, shard, targets[i], rowWeights[i]));
  backward(losses.map(({ gradient }) => gradient));
  const optimized = network.weights
    .filter(({ trainable }) => trainable)
    .map((weight) => ({
      handle: variables.handle(weight.name),
      value: variables.read(weight.name),
      moments: [
        variables.declare(`${weight.name}/m`, weight.shape),
        variables.declare(`${weight.name}/v`, weight.shape),
      ] as const,
      gradient: sumOf(graph, gradients.get(weight) ?? []),
      decays: weight.decays,
    }));
  const { operations, gradientNorm } = buildAdam(graph, feed, optimized, options);

  const loss = sumOf(
    graph,
    losses.map((shard, i) => sum(graph, multiply(graph, shard.losses, rowWeights[i]), [0])),
  );
  const correct = sumOf(
    graph,
    logits.map((shard, i) => countCorrect(graph, shard, targets[i])),
  );
  graph.one(
    'Identity',
    [stack(graph, [loss, correct, gradientNorm]), ...[...operations, ...updates].map((after) => ({ after }))],
    { T: { type: 'float32' } },
    'trained',
  );
  variables.buildRestore();
  return { graph, slots: variables.slots };
}

function throughLayers(
  network: Network,
  context: BuildContext,
  inputs: readonly Output[],
  inputLengths: readonly Output[] | undefined,
): { outputs: readonly Output[]; backward: (gradients: readonly Output[]) => void } {
  let values = inputs;
  let real = inputLengths;
  const backwards = network.layers.map((layer) => {
    const { outputs, lengths, backward } = layer.build(context, values, real);
    values = outputs;
    real = lengths;
    return backward;
  });
  return {
    outputs: values,
    backward(gradients) {
      backwards.reduceRight((gradient, backward) => backward(gradient), gradients);
    },
  };
}

function countCorrect(graph: Graph, logits: Output, targets: Output): Output {
  const equal = graph.one('Equal', [argMax(graph, logits), argMax(graph, targets)], { T: { type: 'int32' } });
  return sum(graph, cast(graph, equal, 'bool', 'float32'), [0]);
}
