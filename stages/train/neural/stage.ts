import { StageFailure, type StageContext } from '../../../runner/kind/index.ts';
import { loadDataset, parts, type Dataset } from '../dataset.ts';
import { trainingCautions } from '../cautions.ts';
import { openPredictions } from '../predictions.ts';
import { standardizeBySpeaker } from '../scaler.ts';
import type { FoldSummary, ModelSummary } from '../summary.ts';
import { lossOf } from './fit.ts';
import { trainFold } from './fold.ts';
import type { Shape } from './graph/attributes.ts';
import type { LayerFactory } from './layers/layer.ts';
import { countNetworkParameters, sequential, summarizeLayers, type Network } from './network.ts';
import { notesOf } from './notes.ts';
import type { TrainingParams } from './params.ts';
import { tensorflowLibrary } from './tensorflow.ts';
import { Trainer } from './trainer.ts';

/** One of the networks: its name, and its layers for a number of classes. */
export interface NetworkDefinition<Params extends TrainingParams> {
  readonly model: string;
  layers(classes: number, params: Params): readonly LayerFactory[];
  /** What its first layer takes: by default sequences, [steps, channels]. */
  readonly reads?: 'sequences' | 'vectors';
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
    checkRefit(context.params);
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
      const predictions = await openPredictions(context.output, dataset);
      for (const fold of dataset.folds) {
        const result = await trainFold({ context, network, trainer, dataset, predictions }, fold);
        folds.push({ ...result.summary, validation: predictions.validation(fold.index) });
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
      cautions: trainingCautions(dataset),
    } satisfies ModelSummary);
  };
}

function buildNetwork<Params extends TrainingParams>(
  definition: NetworkDefinition<Params>,
  dataset: Dataset,
  context: StageContext<Params>,
): Network {
  const inputShape = definition.reads === 'vectors' ? [dataset.dimension] : inputShapeOf(dataset);
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

/** The second fit of a refit has no rows aside by which to stop or to reduce the learning rate. */
function checkRefit({ refit, earlyStopping, schedule }: TrainingParams): void {
  if (!refit || (earlyStopping === null && schedule !== 'plateau')) return;
  throw new StageFailure(
    'a refit learns from the validation part, so nothing is left to stop or to slow it by',
    {
      place: 'refit',
      hint: 'set earlyStopping: null and schedule: cosine or constant, or refit: false',
    },
  );
}
