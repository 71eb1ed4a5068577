import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StageFailure, type InputArtifact } from '../../../runner/kind/index.ts';
import type { Classifier } from '../prediction/fold-models.ts';
import { applyScaler, fitScalerOn, scalerFromJson } from '../scaler.ts';
import { softmax } from '../temperature.ts';
import { lengthsOf, type Sequences } from '../sequences.ts';
import { sizeOf } from './network.ts';
import { openLayersModel } from './tensorflow.ts';

const classifierFile = z.object({
  emotions: z.array(z.string()).min(2),
  /** Null for steps that differ from clip to clip. */
  shape: z.array(z.int().positive().nullable()),
  temperature: z.number().positive(),
  normalizeBySpeaker: z.boolean(),
});

/**
 * The network of one fold of a trained stage, with all that surrounds it: it takes features as the features stage
 * gives them. Where the model normalises by speaker, the rows of one call are taken as clips of one speaker.
 *
 * Throws StageFailure where there is no network, and the classifier where a single clip is to be normalised.
 */
export async function loadClassifier(artifact: InputArtifact, fold: number): Promise<Classifier> {
  const folder = `models/fold${fold}`;
  if (!artifact.files.includes(`${folder}/classifier.json`)) {
    throw new StageFailure(`there is no network in ${folder}`, {
      place: artifact.stage,
      hint: 'name a stage whose kind is train/lstm, train/cnn, train/cnn-lstm or train/mlp',
    });
  }
  const settings = classifierFile.parse(await artifact.json(`${folder}/classifier.json`));
  const scalerFile = `${folder}/scaler.json`;
  const scaler = artifact.files.includes(scalerFile)
    ? scalerFromJson(await artifact.json(scalerFile))
    : undefined;
  const weights = await readFile(artifact.path(`${folder}/weights.bin`));
  const probabilitiesOf = await openLayersModel(await artifact.json(`${folder}/model.json`), weights);
  const { shape, emotions, temperature } = settings;
  return (features, offsets) => {
    const normalized = settings.normalizeBySpeaker ? normalizeSpeaker(features, shape, offsets) : features;
    const scaled = scaler === undefined ? normalized : applyScaler(scaler, normalized);
    const probabilities =
      offsets === undefined
        ? byBatches(probabilitiesOf, scaled, sizeOf(shape.map(known)), emotions.length)
        : oneByOne(probabilitiesOf, { data: scaled, width: sizeOf(shape.slice(1).map(known)), offsets });
    return softmax(Float64Array.from(probabilities, logarithm), emotions.length, temperature);
  };
}

type LayersModel = Awaited<ReturnType<typeof openLayersModel>>;

/**
 * Rows that a layers model sees at once, whatever the number of rows that are asked for. TensorFlow sums a product in
 * another order for another number of rows, so that with the batch cut to fit the last digits of a recording's
 * probabilities would tell how many others it came with. Few, so that a single recording costs little more.
 */
const batchRows = 16;

/** All batches are of one size; the last one is filled up with zeros. */
function byBatches(
  model: LayersModel,
  features: Float32Array,
  dimension: number,
  classes: number,
): Float32Array {
  const rows = features.length / dimension;
  const probabilities = new Float32Array(rows * classes);
  for (let start = 0; start < rows; start += batchRows) {
    const batch = new Float32Array(batchRows * dimension);
    batch.set(features.subarray(start * dimension, (start + batchRows) * dimension));
    const given = model(batch, batchRows);
    probabilities.set(given.subarray(0, (rows - start) * classes), start * classes);
  }
  return probabilities;
}

/** Each by itself, as long as it is: a stock layers model knows of no padding. */
function oneByOne(model: LayersModel, { data, width, offsets }: Sequences): Float32Array {
  const rows = Array.from(lengthsOf(offsets), (steps, row) =>
    model(data.subarray(offsets[row] * width, offsets[row + 1] * width), 1, steps),
  );
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

/** The size of an axis that is one for all clips. */
function known(size: number | null): number {
  if (size === null) throw new StageFailure('this model reads sequences, not features of one shape');
  return size;
}

/** A softmax undoes it but for a factor; bounded where a probability is too small for float32. */
function logarithm(probability: number): number {
  return Math.log(Math.max(probability, 1e-38));
}

function normalizeSpeaker(
  features: Float32Array,
  shape: readonly (number | null)[],
  offsets: Int32Array | undefined,
): Float32Array {
  const channels = known(shape[shape.length - 1]);
  const dimension = offsets === undefined ? sizeOf(shape.map(known)) : channels;
  const rows = offsets === undefined ? features.length / dimension : offsets.length - 1;
  if (rows < 2) {
    throw new StageFailure('this model normalises by speaker and cannot judge a single recording', {
      hint: 'give several recordings of one speaker, or train with normalizeBySpeaker: false',
    });
  }
  const places = [...Array(features.length / dimension).keys()];
  return applyScaler(fitScalerOn(features, dimension, places, channels), features);
}
