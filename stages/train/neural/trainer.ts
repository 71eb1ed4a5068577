import type { Shape } from './graph/attributes.ts';
import type { Slot } from './graph/variables.ts';
import { sizeOf, type Network, type WeightValues } from './network.ts';
import { optimizerFeed } from './optimizer.ts';
import { Session, type Feed } from './tensorflow.ts';
import { buildTrainingGraph, eachShard, shardCount, type TrainingGraphOptions } from './training-graph.ts';

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

export interface TrainerOptions extends TrainingGraphOptions {
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
    const { graph, slots } = buildTrainingGraph(network, options);
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

  /** The logits of the classes outside of training, rows × classes. */
  logits(inputs: Float32Array, rows: number): Float64Array {
    const { classes } = this.#network;
    const result = new Float64Array(rows * classes);
    const dimension = sizeOf(this.#network.inputShape);
    for (let start = 0; start < rows; start += predictionRows) {
      const count = Math.min(predictionRows, rows - start);
      const part = inputs.subarray(start * dimension, (start + count) * dimension);
      const shards = this.#session.run(
        this.#inputs(part, count),
        eachShard((i) => `logits/${i}`),
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
