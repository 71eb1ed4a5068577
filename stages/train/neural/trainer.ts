import type { Shape } from './graph/attributes.ts';
import { Graph, type Output } from './graph/graph.ts';
import { argMax, cast, multiply, stack, sum, sumOf } from './graph/operations.ts';
import type { BuildContext, Weight } from './layers/layer.ts';
import { buildLoss, type LossFunction } from './loss.ts';
import { sizeOf, type Network, type WeightValues } from './network.ts';
import { buildAdam, optimizerFeed, type OptimizerOptions } from './optimizer.ts';
import { Session, type Feed } from './tensorflow.ts';

/**
 * A batch is cut into this many shards, whose parts of the graph run in parallel. Fixed, whatever the number of
 * threads: the gradient's bits depend on where the batch is cut.
 */
const shardCount = 2;

/** Rows with what they are to become. */
export interface Batch {
  readonly rows: number;
  /** Rows × values of a row, row-major. */
  readonly inputs: Float32Array;
  /** Rows × classes: a distribution for each row. */
  readonly targets: Float32Array;
  /** One a row; the loss is the mean of weight × loss. */
  readonly weights: Float32Array;
}

export interface StepOptions {
  readonly learningRate: number;
  /** From 1: Adam's count of steps. */
  readonly step: number;
  /** Of the dropout masks. */
  readonly seed: number;
}

/** What a step tells of its batch, before the weights moved. */
export interface BatchResult {
  /** The sum of the rows' losses. */
  readonly loss: number;
  /** Rows recognised. */
  readonly correct: number;
  /** The Euclidean norm of all gradients together. */
  readonly gradientNorm: number;
}

export interface TrainerOptions extends OptimizerOptions {
  readonly loss: LossFunction;
  readonly threads: number;
}

/**
 * A network loaded into TensorFlow as one graph: one run of it is one step of training (forward, backward and
 * optimizer), or the prediction of many rows.
 */
export class Trainer {
  readonly #network: Network;
  readonly #session: Session;
  readonly #slots: readonly Slot[];

  private constructor(network: Network, session: Session, slots: readonly Slot[]) {
    this.#network = network;
    this.#session = session;
    this.#slots = slots;
  }

  static async open(network: Network, options: TrainerOptions): Promise<Trainer> {
    const { graph, slots } = buildGraph(network, options);
    return new Trainer(network, await Session.open(graph, options.threads), slots);
  }

  /** Sets all weights, and the optimizer's moments to those given or to zero. */
  restore(values: WeightValues): void {
    const feeds = this.#slots.map(({ name, shape }): [string, Feed] => [
      `set/${name}`,
      { data: values.get(name) ?? new Float32Array(sizeOf(shape)), shape },
    ]);
    this.#session.run(Object.fromEntries(feeds), ['restored']);
  }

  /** The values of all weights and of the optimizer's moments, by name. */
  state(): Map<string, Float32Array> {
    return this.#read(this.#slots);
  }

  /** The values of the weights alone. */
  weights(): Map<string, Float32Array> {
    const names = new Set(this.#network.weights.map(({ name }) => name));
    return this.#read(this.#slots.filter(({ name }) => names.has(name)));
  }

  #read(slots: readonly Slot[]): Map<string, Float32Array> {
    const values = this.#session.run(
      {},
      slots.map(({ name }) => `get/${name}`),
    );
    return new Map(slots.map(({ name }, i) => [name, values[i]]));
  }

  step(batch: Batch, { learningRate, step, seed }: StepOptions): BatchResult {
    const weights = batch.weights.map((weight) => weight / batch.rows);
    const feeds = {
      ...this.#inputs(batch.inputs, batch.rows),
      ...shardFeeds('targets', batch.targets, batch.rows, [this.#network.classes]),
      ...shardFeeds('weights', weights, batch.rows, []),
      perRow: { data: Float32Array.of(1 / batch.rows), shape: [] },
      seed: { data: Int32Array.of(seed, step), shape: [2] },
      optimizer: { data: optimizerFeed(learningRate, step), shape: [3] },
    };
    const [[loss, correct, gradientNorm]] = this.#session.run(feeds, ['trained']);
    return { loss: loss * batch.rows, correct, gradientNorm };
  }

  /** The probabilities of the classes, rows × classes. */
  predict(inputs: Float32Array, rows: number): Float32Array {
    const { classes } = this.#network;
    const result = new Float32Array(rows * classes);
    const dimension = sizeOf(this.#network.inputShape);
    for (let start = 0; start < rows; start += predictionRows) {
      const count = Math.min(predictionRows, rows - start);
      const part = inputs.subarray(start * dimension, (start + count) * dimension);
      const shards = this.#session.run(
        this.#inputs(part, count),
        eachShard((i) => `probabilities/${i}`),
      );
      let offset = start * classes;
      for (const shard of shards) {
        result.set(shard, offset);
        offset += shard.length;
      }
    }
    return result;
  }

  close(): void {
    this.#session.close();
  }

  #inputs(inputs: Float32Array, rows: number): Record<string, Feed> {
    return shardFeeds('input', inputs, rows, this.#network.inputShape);
  }
}

/** Rows predicted at once: enough for efficient products, few enough for their intermediate values to be small. */
const predictionRows = 288;

/** A variable of the graph: a weight or one of the optimizer's moments. */
interface Slot {
  readonly name: string;
  readonly shape: Shape;
}

function eachShard<T>(make: (index: number) => T): T[] {
  return Array.from({ length: shardCount }, (_, index) => make(index));
}

function shardFeeds(name: string, data: Float32Array, rows: number, shape: Shape): Record<string, Feed> {
  const size = sizeOf(shape);
  const bounds = Array.from({ length: shardCount + 1 }, (_, i) => Math.ceil((rows * i) / shardCount));
  return Object.fromEntries(
    eachShard((i) => [
      `${name}/${i}`,
      {
        data: data.subarray(bounds[i] * size, bounds[i + 1] * size),
        shape: [bounds[i + 1] - bounds[i], ...shape],
      },
    ]),
  );
}

function buildGraph(network: Network, options: TrainerOptions): { graph: Graph; slots: Slot[] } {
  const graph = new Graph();
  const variables = new Variables(graph);
  for (const weight of network.weights) variables.declare(weight.name, weight.shape);
  const inputs = eachShard((i) => graph.placeholder(`input/${i}`, 'float32', [-1, ...network.inputShape]));
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

  const predicted = throughLayers(network, { ...context, training: false }, inputs).outputs;
  for (const [i, logits] of predicted.entries()) {
    graph.one('Softmax', [logits], { T: { type: 'float32' } }, `probabilities/${i}`);
  }

  const { outputs: logits, backward } = throughLayers(network, { ...context, training: true }, inputs);
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
): { outputs: readonly Output[]; backward: (gradients: readonly Output[]) => void } {
  let values = inputs;
  const backwards = network.layers.map((layer) => {
    const { outputs, backward } = layer.build(context, values);
    values = outputs;
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

/** The variables of a graph, each with a way to set and to get its value. */
class Variables {
  readonly slots: Slot[] = [];
  readonly #graph: Graph;
  readonly #handles = new Map<string, Output>();
  readonly #values = new Map<string, Output>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  declare(name: string, shape: Shape): Output {
    const handle = this.#graph.one(
      'VarHandleOp',
      [],
      { dtype: { type: 'float32' }, shape: { shape }, shared_name: { text: name } },
      `variable/${name}`,
    );
    this.slots.push({ name, shape });
    this.#handles.set(name, handle);
    const value = this.#graph.one('ReadVariableOp', [handle], { dtype: { type: 'float32' } }, `get/${name}`);
    this.#values.set(name, value);
    return handle;
  }

  handle(name: string): Output {
    return required(this.#handles, name);
  }

  read(name: string): Output {
    return required(this.#values, name);
  }

  /** Returns the name of the operation that assigns. */
  assign(name: string, value: Output): string {
    const inputs = [this.handle(name), value];
    return this.#graph.one('AssignVariableOp', inputs, { dtype: { type: 'float32' } }).operation;
  }

  /** Adds `restored`, which sets every variable from its placeholder `set/…`. */
  buildRestore(): void {
    const assigned = this.slots.map(({ name, shape }) => ({
      after: this.assign(name, this.#graph.placeholder(`set/${name}`, 'float32', shape)),
    }));
    const done = this.#graph.constant(Float32Array.of(1), []);
    this.#graph.one('Identity', [done, ...assigned], { T: { type: 'float32' } }, 'restored');
  }
}

function required(map: ReadonlyMap<string, Output>, name: string): Output {
  const value = map.get(name);
  if (value === undefined) throw new RangeError(`the graph has no variable ${name}`);
  return value;
}
