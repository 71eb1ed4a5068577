import { StageFailure, type StageContext } from '../../../runner/kind/index.ts';
import {
  gatherLabels,
  gatherRows,
  loadDataset,
  parts,
  rowsToFit,
  type Dataset,
  type Fold,
} from '../dataset.ts';
import { trainingCautions } from '../cautions.ts';
import { balancedClassWeights } from '../neural/batches.ts';
import { openPredictions, type PredictionsWriter } from '../predictions.ts';
import { applyScaler, fitScaler, standardizeBySpeaker } from '../scaler.ts';
import { requireVectors } from '../sequences.ts';
import type { ModelSummary } from '../summary.ts';
import { fitTemperature, softmax } from '../temperature.ts';
import type { LabelledRows, ScoreLoss } from './loss.ts';
import { saveLinearModel, scoresOf, type LinearModel } from './model.ts';
import { fitLinear } from './newton.ts';
import { notesOf } from './notes.ts';
import type { LinearParams } from './params.ts';
import { rowSpace } from './row-space.ts';

/** One of the linear classifiers. */
export interface LinearDefinition {
  /** As in the results, e.g. `logistic-regression`. */
  readonly model: string;
  loss(rows: LabelledRows): ScoreLoss;
  /** What a reader must know of every model of this kind. */
  readonly notes: readonly string[];
}

/** The `run` of a stage that fits a linear classifier on every fold of a split. */
export function trainLinear(
  definition: LinearDefinition,
): (context: StageContext<LinearParams>) => Promise<void> {
  return async (context) => {
    const { params, output } = context;
    const loaded = await loadDataset(
      context.input('features'),
      context.input('split'),
      context.inputs.augmented?.[0],
    );
    requireVectors(loaded, definition.model);
    checkFolds(loaded, context.input('split').stage);
    const dataset = params.normalizeBySpeaker
      ? { ...loaded, features: standardizeBySpeaker(loaded) }
      : loaded;
    const predictions = await openPredictions(output, dataset);
    const temperatures: number[] = [];
    let seconds = 0;
    for (const fold of dataset.folds) {
      const fitted = await trainFold(context, definition, dataset, fold, predictions);
      temperatures.push(fitted.temperature);
      seconds += fitted.seconds;
      context.progress({ done: temperatures.length, total: dataset.folds.length, unit: 'folds' });
    }
    await predictions.close();
    output.measure('fitSeconds', seconds);
    const size = dataset.emotions.length * (dataset.dimension + 1);
    await output.json('summary.json', {
      model: definition.model,
      features: dataset.featuresName,
      emotions: dataset.emotions,
      layers: [],
      parameters: { total: size, trainable: size },
      hyperparameters: params,
      // The objective has one minimum: nothing is drawn.
      folds: dataset.folds.map(({ index }) => ({
        ...{ fold: index, seed: 0, epochs: 0, bestEpoch: null, history: [] },
        validation: predictions.validation(index),
      })),
      ...(dataset.leftOut.length > 0 && { leftOut: dataset.leftOut }),
      notes: [...dataset.notes, ...definition.notes, ...notesOf(dataset, params, temperatures)],
      cautions: trainingCautions(dataset),
    } satisfies ModelSummary);
  };
}

async function trainFold(
  context: StageContext<LinearParams>,
  definition: LinearDefinition,
  dataset: Dataset,
  fold: Fold,
  predictions: PredictionsWriter,
): Promise<{ temperature: number; seconds: number }> {
  const { params, output } = context;
  const start = performance.now();
  const scaler = params.standardize ? fitScaler(dataset, fold) : undefined;
  const inputs = scaler === undefined ? dataset.features : applyScaler(scaler, dataset.features);
  const rowsOf = (rows: Int32Array): Float32Array => gatherRows(inputs, dataset.dimension, rows);
  const fit = (rows: Int32Array): Weights => fitRows(context, definition, dataset, fold, rows, rowsOf(rows));

  const first = fit(rowsToFit(fold));
  const validation = dataset.validation === 'own' ? fold.validation : new Int32Array(0);
  const validationScores = scoresOf(first, rowsOf(validation));
  const classes = dataset.emotions.length;
  const temperature = fitTemperature(validationScores, gatherLabels(dataset.labels, validation), classes);
  const refitted = params.refit && validation.length > 0;
  const weights = refitted ? fit(Int32Array.from([...rowsToFit(fold), ...validation]).sort()) : first;
  const seconds = (performance.now() - start) / 1000;

  for (const part of parts) {
    // After a refit the final weights have seen the validation part: what the first ones say of it stands.
    const scores =
      refitted && part === 'validation' ? validationScores : scoresOf(weights, rowsOf(fold[part]));
    await predictions.write(fold.index, part, fold[part], dataset, softmax(scores, classes, temperature));
  }
  const { emotions, shape } = dataset;
  const { normalizeBySpeaker } = params;
  const model: LinearModel = { ...weights, emotions, shape, temperature, scaler, normalizeBySpeaker };
  await saveLinearModel(model, output, `models/fold${fold.index}`);
  return { temperature, seconds };
}

type Weights = Pick<LinearModel, 'weights' | 'intercepts'>;

function fitRows(
  context: StageContext<LinearParams>,
  definition: LinearDefinition,
  dataset: Dataset,
  fold: Fold,
  rows: Int32Array,
  inputs: Float32Array,
): Weights {
  const { params, signal } = context;
  const labels = gatherLabels(dataset.labels, rows);
  const classes = dataset.emotions.length;
  const loss = definition.loss({ labels, classes, weights: rowWeights(params, labels, classes) });
  const fit = fitLinear(rowSpace(inputs, dataset.dimension), loss, {
    ...{ classes, C: params.C, maxIterations: params.maxIterations, tolerance: params.tolerance },
    onIteration: () => {
      signal.throwIfAborted();
    },
  });
  const weights = Float32Array.from(fit.weights);
  if (weights.some((value) => !Number.isFinite(value))) {
    throw new StageFailure(`the fit of fold ${fold.index} (${fold.name}) gives weights that are no numbers`, {
      place: dataset.featuresName,
      hint: 'look for features that are not finite: pipeline inspect shows their range',
    });
  }
  if (!fit.converged) {
    context.warn(
      `fold ${fold.index} (${fold.name}) has not converged after ${fit.iterations} Newton steps: ` +
        'raise maxIterations, lower C, or standardise the features',
    );
  }
  return { weights, intercepts: Float32Array.from(fit.intercepts) };
}

function rowWeights(params: LinearParams, labels: Int32Array, classes: number): Float64Array {
  if (params.classWeights === 'none') return new Float64Array(labels.length).fill(1);
  const byClass = balancedClassWeights(labels, classes);
  return Float64Array.from(labels, (label) => byClass[label]);
}

function checkFolds({ folds }: Dataset, place: string): void {
  const empty = folds.find((fold) => fold.train.length === 0 || fold.test.length === 0);
  if (empty === undefined) return;
  throw new StageFailure(`fold ${empty.index} (${empty.name}) has no clips to train on or to test`, {
    place,
    hint: 'use more recordings, or another kind of split',
  });
}
