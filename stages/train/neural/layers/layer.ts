import type { Shape } from '../graph/attributes.ts';
import type { Graph, Output } from '../graph/graph.ts';
import type { Initializer } from '../initializers.ts';

/** A variable of a layer. */
export interface Weight {
  /** Unique in a network: the layer's name, a stroke, Keras's name of the weight. */
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** Moved by the optimizer; the moving statistics of batch normalisation are not. */
  readonly trainable: boolean;
  /** Whether weight decay applies: to kernels, not to biases and normalisation. */
  readonly decays: boolean;
}

/** A batch, cut into shards of rows that run in parallel; every layer maps shard to shard. */
export type Shards = readonly Output[];

/** What a layer needs while it adds itself to a graph. */
export interface BuildContext {
  readonly graph: Graph;
  readonly training: boolean;
  /** The value of a weight at the start of the step. */
  read(weight: Weight): Output;
  /** float32 scalar: 1 / rows of the whole batch. Training only. */
  readonly perRow: Output;
  /** int32 [2]: differs from step to step. Training only. */
  readonly seed: Output;
  /** Registers the gradient of a weight: one part for each shard, added up by the optimizer. */
  gradient(weight: Weight, parts: readonly Output[]): void;
  /** Sets a weight at the end of the step, by other means than the optimizer. */
  assign(weight: Weight, value: Output): void;
}

/** Turns gradients by a layer's outputs into gradients by its inputs, and registers those by its weights. */
export type Backward = (gradients: Shards) => Shards;

export interface Forward {
  readonly outputs: Shards;
  /** How many steps of each row of the outputs are real, where the inputs came with as much and there still are steps. */
  readonly lengths?: Shards | undefined;
  readonly backward: Backward;
}

/** A weight as Keras names and lays it out, cut out of one of the layer's own. */
export interface StockWeight {
  readonly name: string;
  readonly shape: Shape;
  /** Takes it out of the layer's own weights. */
  read(values: ReadonlyMap<string, Float32Array>): Float32Array;
}

/** The layer as a layers model of TensorFlow.js describes it. */
export interface StockLayer {
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: readonly StockWeight[];
}

/** One layer of a network whose layers follow one another. */
export interface Layer {
  readonly name: string;
  /** Keras's name of the layer, e.g. `Conv1D`. */
  readonly type: string;
  /** Without the rows of the batch. */
  readonly outputShape: Shape;
  readonly weights: readonly Weight[];
  /**
   * Adds the layer to a graph, and by `backward` its gradient, written out by hand.
   *
   * `lengths`, int32 [rows], come with sequences of unequal length, whose steps differ from batch to batch: how many of
   * a row's steps are real. What lies in `inputs` behind these is padding of any value, which no output of a real step
   * may depend on. Gradients are zero there, those that `backward` gets and those that it gives.
   */
  build(context: BuildContext, inputs: Shards, lengths?: Shards): Forward;
  stock(): StockLayer;
}

/** Makes a layer for inputs of a shape (without the rows of the batch); steps that differ from row to row are -1. */
export type LayerFactory = (inputShape: Shape, name: string) => Layer;

/** A weight that Keras lays out as we do. */
export function sameInKeras(weight: Weight): StockWeight {
  return {
    name: weight.name,
    shape: weight.shape,
    read(values) {
      const value = values.get(weight.name);
      if (value === undefined) throw new RangeError(`no value for the weight ${weight.name}`);
      return value;
    },
  };
}
