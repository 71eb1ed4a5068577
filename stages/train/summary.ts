import type { ValidationFigures } from './validation.ts';
import type { LeftOutClip } from './left-out.ts';

/** One epoch of a training, as its curves show it. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  readonly learningRate: number;
}

/** One fold's training. */
export interface FoldSummary {
  readonly fold: number;
  readonly seed: number;
  /** Epochs run; 0 for a model that has none. */
  readonly epochs: number;
  /** The epoch whose weights were kept, from 1; null for a model without epochs. */
  readonly bestEpoch: number | null;
  readonly history: readonly EpochRecord[];
  /** Of a forest: its accuracy on the training rows by the trees that did not see them. */
  readonly outOfBagAccuracy?: number;
  /** Null where the split has no validation part of its own, or none in this fold. */
  readonly validation?: ValidationFigures | null;
}

export interface LayerSummary {
  readonly name: string;
  /** Keras's name of the layer, e.g. `Conv1D`. */
  readonly type: string;
  /** Without the batch axis; null for steps that differ from clip to clip. */
  readonly outputShape: readonly (number | null)[];
  readonly parameters: number;
}

/** What a training says of its model, as `summary.json`. */
export interface ModelSummary {
  /** `lstm`, `cnn`, `cnn-lstm`, `random-forest`, … */
  readonly model: string;
  /** The instance that made the features, e.g. `mfcc`. */
  readonly features: string;
  readonly emotions: readonly string[];
  /** Empty for a model that has no layers. */
  readonly layers: readonly LayerSummary[];
  readonly parameters: { readonly total: number; readonly trainable: number };
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** What computed it beside this repository's own code, e.g. `TensorFlow 2.18.1`. */
  readonly library?: string;
  readonly folds: readonly FoldSummary[];
  /** What a reader must know, such as random encoder weights. */
  readonly notes: readonly string[];
  /** What makes the figures worth less than they look, such as a fold that was trained on one clip. */
  readonly cautions?: readonly string[];
  /** Clips of the split that it has no predictions of, since they were left out by name before; absent where none was. */
  readonly leftOut?: readonly LeftOutClip[];
}
