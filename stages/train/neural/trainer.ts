import type { Shape } from './graph/attributes.ts';
import type { Slot } from './graph/variables.ts';
import { gatherRows } from '../dataset.ts';
import { lengthsOf, padSequences, type Sequences } from '../sequences.ts';
import { paddedSteps } from './batch-order.ts';
import { sizeOf, type Network, type WeightValues } from './network.ts';
import { optimizerFeed } from './optimizer.ts';
import { Session, type Feed } from './tensorflow.ts';
import { buildTrainingGraph, eachShard, shardCount, type TrainingGraphOptions } from './training-graph.ts';

/** Rows with what they are to become. */
export interface Batch {
  readonly rows: number;
  /** Rows × values of a row, row-major; of sequences of unequal length all steps, one row's behind the other's. */
  readonly inputs: Float32Array;
  /**
   * Of sequences of unequal length: row `i` spans steps `offsets[i]` to `offsets[i + 1]`, and is padded to `steps`. No
   * result depends on the padding but for rounding.
   */
  readonly sequences?: { readonly offsets: Int32Array; readonly steps: number };
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
      ...this.#batchInputs(batch),
      ...shardFeeds('targets', batch.targets, batch.rows, [this.#network.classes]),
      ...shardFeeds('weights', weights, batch.rows, []),
      perRow: { data: Float32Array.of(1 / batch.rows), shape: [] },
      seed: { data: Int32Array.of(seed, step), shape: [2] },
      optimizer: { data: optimizerFeed(learningRate, step), shape: [3] },
    };
    const [[loss, correct, gradientNorm]] = this.#session.run(feeds, ['trained']);
    return { loss: loss * batch.rows, correct, gradientNorm };
  }

  /**
   * The logits of the classes outside of training, rows × classes. `offsets`: of sequences of unequal length, as in
   * `Examples`.
   */
  logits(inputs: Float32Array, rows: number, offsets?: Int32Array): Float64Array {
    const { classes } = this.#network;
    if (offsets !== undefined) return this.#sequenceLogits(inputs, offsets);
    const result = new Float64Array(rows * classes);
    const dimension = sizeOf(this.#network.inputShape);
    for (let start = 0; start < rows; start += predictionRows) {
      const end = Math.min(start + predictionRows, rows);
      const places = someForEachShard(Int32Array.from({ length: end - start }, (_, i) => start + i));
      const logits = this.#run(this.#inputs(gatherRows(inputs, dimension, places), places.length));
      result.set(logits.subarray(0, (end - start) * classes), start * classes);
    }
    return result;
  }

  /** Rows of like length at once, as many as have together no more steps than `predictionSteps`. */
  #sequenceLogits(data: Float32Array, offsets: Int32Array): Float64Array {
    const { classes } = this.#network;
    const lengths = lengthsOf(offsets);
    const order = Int32Array.from(lengths.keys()).sort((a, b) => lengths[a] - lengths[b]);
    const sequences = { data, width: this.#network.inputShape[1], offsets };
    const result = new Float64Array(order.length * classes);
    for (let start = 0, end = 0; start < order.length; start = end) {
      do end++;
      while (end < order.length && (end + 1 - start) * lengths[order[end]] <= predictionSteps);
      const rows = someForEachShard(order.subarray(start, end));
      const logits = this.#run(
        this.#paddedInputs(sequences, rows, paddedSteps(rows.map((row) => lengths[row]))),
      );
      for (const [i, row] of rows.entries()) {
        result.set(logits.subarray(i * classes, (i + 1) * classes), row * classes);
      }
    }
    return result;
  }

  /** The logits of one run, the shards' rows one behind the other. */
  #run(feeds: Record<string, Feed>): Float32Array {
    const shards = this.#session.run(
      feeds,
      eachShard((i) => `logits/${i}`),
    );
    return Float32Array.from(shards.flatMap((shard) => [...shard]));
  }

  close(): void {
    this.#session.close();
  }

  #batchInputs({ inputs, rows, sequences }: Batch): Record<string, Feed> {
    if (sequences === undefined) return this.#inputs(inputs, rows);
    const { offsets, steps } = sequences;
    const all = Int32Array.from({ length: rows }, (_, row) => row);
    return this.#paddedInputs({ data: inputs, width: this.#network.inputShape[1], offsets }, all, steps);
  }

  #paddedInputs(sequences: Sequences, rows: Int32Array, steps: number): Record<string, Feed> {
    const lengths = lengthsOf(sequences.offsets);
    return {
      ...shardFeeds('input', padSequences(sequences, rows, steps), rows.length, [steps, sequences.width]),
      ...shardFeeds(
        'lengths',
        rows.map((row) => lengths[row]),
        rows.length,
        [],
      ),
    };
  }

  #inputs(inputs: Float32Array, rows: number): Record<string, Feed> {
    return shardFeeds('input', inputs, rows, this.#network.inputShape);
  }
}

/** TensorFlow convolves no shard without rows: a row by itself is taken twice. */
function someForEachShard(rows: Int32Array): Int32Array {
  return rows.length < shardCount ? Int32Array.from({ length: shardCount }, () => rows[0]) : rows;
}

/** Rows predicted at once: enough for efficient products, few enough for their intermediate values to be small. */
const predictionRows = 288;

/** Steps of all rows predicted at once where their lengths differ: as many as 288 of the study's vectors have. */
const predictionSteps = 288 * 160;

function shardFeeds(
  name: string,
  data: Float32Array | Int32Array,
  rows: number,
  shape: Shape,
): Record<string, Feed> {
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
