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
import { openPredictions, type PredictionsWriter } from '../predictions.ts';
import { applyScaler, fitScaler, standardizeBySpeaker } from '../scaler.ts';
import type { FoldSummary, ModelSummary } from '../summary.ts';
import { fitTemperature, softmax } from '../temperature.ts';
import type { Examples } from './batches.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { fit, lossOf } from './fit.ts';
import type { Shape } from './graph/attributes.ts';
import type { LayerFactory } from './layers/layer.ts';
import { writeModel } from './model-files.ts';
import { countNetworkParameters, sequential, summarizeLayers, type Network } from './network.ts';
import { notesOf } from './notes.ts';
import type { TrainingParams } from './params.ts';
import { deriveSeed } from './random.ts';
import { tensorflowLibrary } from './tensorflow.ts';
import { Trainer } from './trainer.ts';

/** One of the networks: its name, and its layers for a number of classes. */
export interface NetworkDefinition<Params extends TrainingParams> {
  readonly model: string;
  layers(classes: number, params: Params): readonly LayerFactory[];
}

/** The `run` of a stage that trains a network on every fold of a split. */
export function trainNetwork<Params extends TrainingParams>(
  definition: NetworkDefinition<Params>,
): (context: StageContext<Params>) => Promise<void> {
  return async (context) => {
    const loaded = await loadDataset(
      context.input('features'),
      context.input('split'),
      context.inputs.augmented?.[0],
    );
    checkFolds(loaded, context.input('split').stage);
    const dataset = context.params.normalizeBySpeaker
      ? { ...loaded, features: standardizeBySpeaker(loaded) }
      : loaded;
    const network = buildNetwork(definition, dataset, context);
    const trainer = await Trainer.open(network, {
      ...context.params,
      loss: lossOf(context.params),
      threads: context.threads,
    });
    const folds: FoldSummary[] = [];
    const temperatures: number[] = [];
    let seconds = 0;
    try {
      const predictions = await openPredictions(context.output, dataset.emotions);
      for (const fold of dataset.folds) {
        const result = await trainFold(context, network, trainer, dataset, fold, predictions);
        folds.push(result.summary);
        temperatures.push(result.temperature);
        seconds += result.seconds;
      }
      await predictions.close();
    } finally {
      trainer.close();
    }
    context.output.measure('fitSeconds', seconds);
    await context.output.json('summary.json', {
      model: definition.model,
      features: dataset.featuresName,
      emotions: dataset.emotions,
      layers: summarizeLayers(network),
      parameters: countNetworkParameters(network),
      hyperparameters: context.params,
      library: await tensorflowLibrary(context.threads),
      folds,
      notes: [...dataset.notes, ...notesOf(dataset, context.params, temperatures)],
    } satisfies ModelSummary);
  };
}

async function trainFold<Params extends TrainingParams>(
  context: StageContext<Params>,
  network: Network,
  trainer: Trainer,
  dataset: Dataset,
  fold: Fold,
  predictions: PredictionsWriter,
): Promise<{ summary: FoldSummary; temperature: number; seconds: number }> {
  const { params, checkpoints } = context;
  const seed = deriveSeed(params.seed, fold.index);
  const scaler = params.standardize ? fitScaler(dataset, fold) : undefined;
  const inputs = scaler === undefined ? dataset.features : applyScaler(scaler, dataset.features);
  const examples = (rows: Int32Array): Examples => ({
    rows: rows.length,
    inputs: gatherRows(inputs, dataset.dimension, rows),
    labels: gatherLabels(dataset.labels, rows),
  });
  const result = await fit(
    network,
    trainer,
    { train: examples(rowsToFit(fold)), validation: examples(fold.validation) },
    params,
    seed,
    {
      resume: await readCheckpoint(checkpoints, fold.index),
      checkpoint: (checkpoint) => writeCheckpoint(checkpoints, fold.index, checkpoint),
      epoch({ epoch, ...values }) {
        context.progress({
          done: fold.index * params.epochs + epoch,
          total: dataset.folds.length * params.epochs,
          unit: 'epochs',
          values,
        });
      },
      signal: context.signal,
      place: `fold ${fold.index} (${fold.name})`,
    },
  );
  const classes = dataset.emotions.length;
  const logitsOf = (rows: Int32Array): Float64Array => trainer.logits(examples(rows).inputs, rows.length);
  const held = dataset.validation === 'own' ? fold.validation : new Int32Array(0);
  const temperature = fitTemperature(logitsOf(held), gatherLabels(dataset.labels, held), classes);
  for (const part of parts) {
    const probabilities = softmax(logitsOf(fold[part]), classes, temperature);
    await predictions.write(fold.index, part, fold[part], dataset, probabilities);
  }
  const { emotions, shape } = dataset;
  const saved = { emotions, shape, temperature, normalizeBySpeaker: params.normalizeBySpeaker, scaler };
  await writeModel(context.output, `models/fold${fold.index}`, network, result.weights, saved);
  const { history, bestEpoch, seconds } = result;
  const summary = { fold: fold.index, seed, epochs: history.length, bestEpoch, history };
  return { summary, temperature, seconds };
}

function buildNetwork<Params extends TrainingParams>(
  definition: NetworkDefinition<Params>,
  dataset: Dataset,
  context: StageContext<Params>,
): Network {
  const inputShape = inputShapeOf(dataset);
  const network = sequential(inputShape, definition.layers(dataset.emotions.length, context.params));
  const emptied = network.layers.find(({ outputShape }) => outputShape.some((size) => size < 1));
  if (emptied !== undefined) {
    throw new StageFailure(
      `${inputShape[0]} steps are too few for ${definition.model}: ${emptied.name} leaves none`,
      { place: dataset.featuresName, hint: 'use features with more steps or values' },
    );
  }
  return network;
}

/** Vectors are read as sequences of single numbers, as the study does: [dimension] becomes [dimension, 1]. */
function inputShapeOf({ shape, featuresName }: Dataset): Shape {
  if (shape.length === 1) return [shape[0], 1];
  if (shape.length === 2) return shape;
  throw new StageFailure(
    `a network reads vectors or sequences, not features of shape [${shape.join(', ')}]`,
    {
      place: featuresName,
      hint: 'let the features stage pool or flatten them to [steps, channels]',
    },
  );
}

function checkFolds({ folds }: Dataset, place: string): void {
  for (const fold of folds) {
    const missing = parts.find((part) => fold[part].length === 0);
    if (missing === undefined && fold.train.length > 1) continue;
    throw new StageFailure(
      `fold ${fold.index} (${fold.name}) has too few rows in its ${missing ?? 'train'} part`,
      {
        place,
        hint: 'use more recordings, or another kind of split',
      },
    );
  }
}
