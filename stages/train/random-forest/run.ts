import { StageFailure, type StageContext } from '../../../runner/kind/index.ts';
import { deriveSeed } from '../../random/index.ts';
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
import { openPredictions, type PredictionsWriter } from '../predictions.ts';
import { requireVectors } from '../sequences.ts';
import type { FoldSummary, ModelSummary } from '../summary.ts';
import type { Engine } from './engine.ts';
import { histogram } from './histogram.ts';
import { mlRandomForest } from './ml-random-forest.ts';
import type { RandomForestParams } from './params.ts';

const engines: Readonly<Record<RandomForestParams['engine'], Engine>> = {
  histogram,
  'ml-random-forest': mlRandomForest,
};

/** More features than this are frames that someone forgot to pool. */
const mostFeatures = 2 ** 18;

/**
 * Fits a forest on the training part of each fold, augmented clips included; the validation part is not looked at. A forest needs no scaler.
 * `parameters` of the summary are the nodes of a fold's forest, the mean over the folds.
 */
export async function run(context: StageContext<RandomForestParams>): Promise<void> {
  const dataset = await loadDataset(
    context.input('features'),
    context.input('split'),
    context.inputs.augmented?.[0],
  );
  requireVectors(dataset, 'random-forest');
  checkDataset(dataset, context.input('split').stage);
  const predictions = await openPredictions(context.output, dataset);
  const folds: FittedFold[] = [];
  for (const fold of dataset.folds) {
    context.signal.throwIfAborted();
    folds.push(await fitFold(context, dataset, fold, predictions));
    context.progress({ done: folds.length, total: dataset.folds.length, unit: 'folds' });
  }
  await predictions.close();
  context.output.measure(
    'fitSeconds',
    folds.reduce((sum, { seconds }) => sum + seconds, 0),
  );
  const nodes = Math.round(folds.reduce((sum, fold) => sum + fold.nodes, 0) / folds.length);
  await context.output.json('summary.json', {
    model: 'random-forest',
    features: dataset.featuresName,
    emotions: dataset.emotions,
    layers: [],
    parameters: { total: nodes, trainable: nodes },
    hyperparameters: context.params,
    folds: folds.map(({ summary }) => summary),
    ...(dataset.leftOut.length > 0 && { leftOut: dataset.leftOut }),
    notes: notesOf(dataset, context.params),
    cautions: trainingCautions(dataset),
  } satisfies ModelSummary);
}

interface FittedFold {
  readonly summary: FoldSummary;
  readonly nodes: number;
  readonly seconds: number;
}

async function fitFold(
  { params, threads, output }: StageContext<RandomForestParams>,
  dataset: Dataset,
  fold: Fold,
  predictions: PredictionsWriter,
): Promise<FittedFold> {
  const { features, dimension, labels, emotions } = dataset;
  const seed = deriveSeed(params.seed, 'fold', fold.index);
  const fitted = rowsToFit(fold);
  const rows = {
    features: gatherRows(features, dimension, fitted),
    dimension,
    labels: gatherLabels(labels, fitted),
    classes: emotions.length,
  };
  const start = performance.now();
  const forest = await engines[params.engine](rows, params, seed, threads);
  const seconds = (performance.now() - start) / 1000;
  for (const part of parts) {
    const probabilities = forest.classify(gatherRows(features, dimension, fold[part]));
    await predictions.write(fold.index, part, fold[part], dataset, probabilities);
  }
  await forest.save(output, `models/fold${fold.index}`);
  const { nodes, outOfBagAccuracy } = forest;
  return {
    summary: {
      fold: fold.index,
      seed,
      epochs: 0,
      bestEpoch: null,
      history: [],
      ...(outOfBagAccuracy === null ? {} : { outOfBagAccuracy }),
      validation: predictions.validation(fold.index),
    },
    nodes,
    seconds,
  };
}

function checkDataset({ dimension, shape, featuresName, folds }: Dataset, splitName: string): void {
  if (dimension > mostFeatures) {
    throw new StageFailure(`${shape.join(' × ')} features a clip are too many for a forest`, {
      place: featuresName,
      hint: 'let the features stage pool over time',
    });
  }
  const empty = folds.find((fold) => fold.train.length === 0 || fold.test.length === 0);
  if (empty !== undefined) {
    throw new StageFailure(`fold ${empty.index} (${empty.name}) has no clips to train on or to test`, {
      place: splitName,
      hint: 'use more recordings, or another kind of split',
    });
  }
}

function notesOf({ shape, notes }: Dataset, params: RandomForestParams): string[] {
  return [
    ...notes,
    ...(shape.length > 1
      ? [`Sequences of ${shape.join(' × ')} were flattened; pooled over time they suit a forest better.`]
      : []),
    ...(params.engine === 'ml-random-forest'
      ? ['Fitted by the npm package ml-random-forest, which draws features once a tree.']
      : []),
  ];
}
