import { setImmediate } from 'node:timers/promises';
import { StageFailure } from '../../../runner/kind/index.ts';
import { indexOfLargest } from '../predictions.ts';
import type { EpochRecord } from '../summary.ts';
import { softmax } from '../temperature.ts';
import { balancedClassWeights, epochBatches, type BatchOptions, type Examples } from './batches.ts';
import { earlyStopping, earlyStoppingStart, plateauStart, reduceOnPlateau } from './callbacks.ts';
import type { Checkpoint, TrainingProgress } from './checkpoint.ts';
import type { LossFunction } from './loss.ts';
import { initialWeights, type Network, type WeightValues } from './network.ts';
import type { TrainingParams } from './params.ts';
import type { Trainer } from './trainer.ts';

export interface FitData {
  readonly train: Examples;
  readonly validation: Examples;
}

export interface FitHooks {
  /** Where an attempt before this one stopped. */
  readonly resume: Checkpoint | undefined;
  /** Called after every epoch. */
  checkpoint(checkpoint: Checkpoint): Promise<void>;
  epoch(record: EpochRecord): void;
  readonly signal: AbortSignal;
  /** Named in failures. */
  readonly place: string;
}

export interface FitResult {
  readonly history: readonly EpochRecord[];
  /** The epoch whose weights were kept, from 1. */
  readonly bestEpoch: number;
  readonly weights: WeightValues;
  /** Of training, over all attempts. */
  readonly seconds: number;
}

export function lossOf(params: TrainingParams): LossFunction {
  return params.loss === 'focal' ? { type: 'focal', ...params.focal } : { type: 'crossEntropy' };
}

/** Trains a network from its first weights, or from a checkpoint: the result has the same bits either way. */
export async function fit(
  network: Network,
  trainer: Trainer,
  data: FitData,
  params: TrainingParams,
  seed: number,
  hooks: FitHooks,
): Promise<FitResult> {
  let { progress, best } = hooks.resume ?? (await start(network, params, seed));
  trainer.restore(hooks.resume?.state ?? best);
  const batchOptions: BatchOptions = {
    classes: network.classes,
    batchSize: params.batchSize,
    classWeights: classWeightsOf(data.train, network.classes, params),
    labelSmoothing: params.labelSmoothing,
    mixup: params.mixup,
    seed,
  };
  while (progress.history.length < params.epochs && !progress.stopping.stopped) {
    const began = performance.now();
    const epoch = progress.history.length + 1;
    const trained = await trainEpoch(trainer, data.train, epoch, progress, params, batchOptions, hooks);
    const judged = evaluate(trainer, data.validation, network.classes, lossOf(params));
    const record = { epoch, ...trained.record, ...judged };
    checkFinite(record, hooks.place);
    const stopping = earlyStopping(
      progress.stopping,
      epoch,
      record.validationLoss,
      params.earlyStopping?.patience ?? null,
    );
    // Without early stopping the last weights are the ones to keep.
    if (params.earlyStopping === null || stopping.bestEpoch === epoch) best = trainer.weights();
    progress = {
      history: [...progress.history, record],
      step: trained.step,
      stopping,
      plateau: reduceOnPlateau(progress.plateau, record.validationLoss, params.reduceLearningRate),
      seconds: progress.seconds + (performance.now() - began) / 1000,
    };
    await hooks.checkpoint({ progress, best, state: trainer.state() });
    hooks.epoch(record);
  }
  trainer.restore(best);
  const { history, stopping, seconds } = progress;
  const bestEpoch = params.earlyStopping === null ? history.length : stopping.bestEpoch;
  return { history, bestEpoch, weights: best, seconds };
}

async function start(
  network: Network,
  params: TrainingParams,
  seed: number,
): Promise<{ progress: TrainingProgress; best: WeightValues }> {
  const progress: TrainingProgress = {
    history: [],
    step: 0,
    stopping: earlyStoppingStart,
    plateau: plateauStart(params.learningRate),
    seconds: 0,
  };
  return { progress, best: await initialWeights(network, seed) };
}

async function trainEpoch(
  trainer: Trainer,
  examples: Examples,
  epoch: number,
  progress: TrainingProgress,
  params: TrainingParams,
  options: BatchOptions,
  { signal, place }: FitHooks,
): Promise<{ record: Pick<EpochRecord, 'loss' | 'accuracy' | 'learningRate'>; step: number }> {
  let { step } = progress;
  let [loss, correct, rows] = [0, 0, 0];
  let learningRate = progress.plateau.learningRate;
  const stepsOfAll = params.epochs * Math.ceil(examples.rows / params.batchSize);
  for (const batch of epochBatches(examples, epoch, options)) {
    // A step blocks; between two of them the signal and the runner's messages get their turn.
    await setImmediate();
    signal.throwIfAborted();
    if (params.schedule === 'constant') learningRate = params.learningRate;
    if (params.schedule === 'cosine') learningRate = cosine(params.learningRate, step / stepsOfAll);
    step++;
    const result = trainer.step(batch, { learningRate, step, seed: options.seed });
    // The loss alone would not show it: relu turns NaN into 0.
    checkFinite(
      { loss: result.loss, 'the gradient’s norm': result.gradientNorm },
      `${place}, epoch ${epoch}`,
    );
    loss += result.loss;
    correct += result.correct;
    rows += batch.rows;
  }
  return { record: { loss: loss / rows, accuracy: correct / rows, learningRate }, step };
}

/** Half a cosine from the first rate to zero (Loshchilov and Hutter, 2017, without restarts). */
function cosine(learningRate: number, progress: number): number {
  return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
}

function classWeightsOf(examples: Examples, classes: number, params: TrainingParams): Float32Array {
  return params.classWeights === 'balanced'
    ? balancedClassWeights(examples.labels, classes)
    : new Float32Array(classes).fill(1);
}

/** Loss and accuracy on rows that are not trained on; without smoothing, class weights and dropout. */
export function evaluate(
  trainer: Trainer,
  { inputs, labels, rows, offsets }: Examples,
  classes: number,
  loss: LossFunction,
): Pick<EpochRecord, 'validationLoss' | 'validationAccuracy'> {
  const probabilities = softmax(trainer.logits(inputs, rows, offsets), classes);
  let [total, correct] = [0, 0];
  for (const [row, label] of labels.entries()) {
    const distribution = probabilities.subarray(row * classes, (row + 1) * classes);
    total += lossOfProbability(distribution[label], loss);
    if (indexOfLargest(distribution) === label) correct++;
  }
  return { validationLoss: total / rows, validationAccuracy: correct / rows };
}

/** Keras bounds the probabilities that a cross-entropy is taken of. */
const smallestProbability = 1e-7;

function lossOfProbability(probability: number, loss: LossFunction): number {
  const pt = Math.min(Math.max(probability, smallestProbability), 1 - smallestProbability);
  // NaN passes through Math.min and Math.max; the check for divergence finds it.
  const crossEntropy = -Math.log(pt);
  return loss.type === 'focal' ? loss.alpha * (1 - pt) ** loss.gamma * crossEntropy : crossEntropy;
}

function checkFinite(figures: Readonly<Record<string, number>>, place: string): void {
  for (const [name, value] of Object.entries(figures)) {
    if (Number.isFinite(value)) continue;
    throw new StageFailure(`the training diverged: ${name} is ${value}`, {
      place,
      hint: 'lower `learningRate`, or set `clipNorm: 1` or `standardize: true`',
    });
  }
}
