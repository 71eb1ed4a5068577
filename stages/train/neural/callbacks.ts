/**
 * Keras's two callbacks as functions of the validation losses of a training, epoch by epoch. Their state is plain
 * data, so that a checkpoint can hold it.
 */

export interface EarlyStoppingState {
  readonly best: number | null;
  /** The epoch of the lowest validation loss, from 1; 0 before the first. */
  readonly bestEpoch: number;
  readonly wait: number;
  readonly stopped: boolean;
}

export const earlyStoppingStart: EarlyStoppingState = { best: null, bestEpoch: 0, wait: 0, stopped: false };

/**
 * `keras.callbacks.EarlyStopping(monitor="val_loss", patience=…, restore_best_weights=True)`. Where the returned
 * `bestEpoch` is `epoch`, this epoch's weights are the ones to keep. `patience` null: the best epoch is noted and
 * the training never stopped.
 */
export function earlyStopping(
  state: EarlyStoppingState,
  epoch: number,
  validationLoss: number,
  patience: number | null,
): EarlyStoppingState {
  if (state.best === null || validationLoss < state.best) {
    return { best: validationLoss, bestEpoch: epoch, wait: 0, stopped: false };
  }
  const wait = state.wait + 1;
  return { ...state, wait, stopped: patience !== null && wait >= patience && epoch > 1 };
}

export interface PlateauState {
  readonly best: number | null;
  readonly wait: number;
  readonly learningRate: number;
}

export interface PlateauOptions {
  readonly factor: number;
  readonly patience: number;
  readonly minLearningRate: number;
}

export function plateauStart(learningRate: number): PlateauState {
  return { best: null, wait: 0, learningRate: Math.fround(learningRate) };
}

/** What counts as better: Keras's default. */
const minDelta = 1e-4;

/** `keras.callbacks.ReduceLROnPlateau(monitor="val_loss", …)` without cooldown. Keras keeps the rate as float32. */
export function reduceOnPlateau(
  state: PlateauState,
  validationLoss: number,
  { factor, patience, minLearningRate }: PlateauOptions,
): PlateauState {
  if (state.best === null || validationLoss < state.best - minDelta) {
    return { ...state, best: validationLoss, wait: 0 };
  }
  const wait = state.wait + 1;
  // At the lowest rate Keras goes on counting; nothing comes of it.
  if (wait < patience || state.learningRate <= Math.fround(minLearningRate)) return { ...state, wait };
  const learningRate = Math.fround(Math.max(state.learningRate * factor, minLearningRate));
  return { ...state, wait: 0, learningRate };
}
