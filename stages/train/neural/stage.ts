import { StageFailure, type StageContext } from '../../../runner/kind/index.ts';
import { trainingCautions } from '../cautions.ts';
import { loadDataset, parts, shapeText, type Dataset } from '../dataset.ts';
import { openPredictions } from '../predictions.ts';
import { standardizeBySpeaker } from '../scaler.ts';
import { lengthsOf, requireVectors } from '../sequences.ts';
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
    checkMixup(context.params, loaded);
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
      ...(dataset.leftOut.length > 0 && { leftOut: dataset.leftOut }),
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
  if (definition.reads === 'vectors') requireVectors(dataset, definition.model);
  const inputShape = definition.reads === 'vectors' ? [dataset.dimension] : inputShapeOf(dataset);
  const layers = definition.layers(dataset.emotions.length, context.params);
  checkSteps(definition.model, inputShape, layers, dataset);
  return sequential(inputShape, layers);
}

/** Pooling must leave at least one step of every clip. */
function checkSteps(
  model: string,
  [steps, ...rest]: Shape,
  layers: readonly LayerFactory[],
  { offsets, ids, featuresName }: Dataset,
): void {
  const lengths = offsets === undefined ? undefined : lengthsOf(offsets);
  const fewest = lengths === undefined ? steps : lengths.reduce((a, b) => Math.min(a, b));
  const emptied = sequential([fewest, ...rest], layers).layers.find(({ outputShape }) =>
    outputShape.some((size) => size < 1),
  );
  if (emptied === undefined && fewest > 0) return;
  const whose = lengths === undefined ? '' : ` of ${ids[lengths.indexOf(fewest)]}`;
  const why = emptied === undefined ? '' : `: ${emptied.name} leaves none`;
  throw new StageFailure(`${fewest} steps${whose} are too few for ${model}${why}`, {
    place: featuresName,
    hint:
      lengths === undefined
        ? 'use features with more steps or values'
        : 'use features with more steps a second, or take the recording out',
  });
}

/** Vectors are read as sequences of single numbers, as the study does: [dimension] becomes [dimension, 1]. */
function inputShapeOf({ shape, featuresName }: Dataset): Shape {
  if (shape.length === 1) return [shape[0], 1];
  if (shape.length === 2) return shape;
  throw new StageFailure(`a network reads vectors or sequences, not features of shape ${shapeText(shape)}`, {
    place: featuresName,
    hint: 'let the features stage pool or flatten them to [steps, channels]',
  });
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

function checkMixup({ mixup }: TrainingParams, { offsets }: Dataset): void {
  if (mixup === 0 || offsets === undefined) return;
  throw new StageFailure(
    'mixup blends rows of one length, and the features are sequences of unequal length',
    {
      place: 'mixup',
      hint: 'set mixup: 0, or let the features stage pool over time',
    },
  );
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
