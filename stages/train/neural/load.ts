import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { StageFailure, type InputArtifact } from '../../../runner/kind/index.ts';
import type { Classifier } from '../prediction/fold-models.ts';
import { applyScaler, fitScalerOn, scalerFromJson, type Scaler } from '../scaler.ts';
import { softmax } from '../temperature.ts';
import { sizeOf } from './network.ts';
import { openLayersModel } from './tensorflow.ts';

const classifierFile = z.object({
  emotions: z.array(z.string()).min(2),
  shape: z.array(z.int().positive()),
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
  const dimension = sizeOf(settings.shape);
  return (features) => {
    const rows = features.length / dimension;
    const normalized = settings.normalizeBySpeaker ? normalizeSpeaker(features, settings.shape) : features;
    const scaled = scaler === undefined ? normalized : applyScaler(scaler, normalized);
    const scores = Float64Array.from(probabilitiesOf(scaled, rows), logarithm);
    return softmax(scores, settings.emotions.length, settings.temperature);
  };
}

/** A softmax undoes it but for a factor; bounded where a probability is too small for float32. */
function logarithm(probability: number): number {
  return Math.log(Math.max(probability, 1e-38));
}

function normalizeSpeaker(features: Float32Array, shape: readonly number[]): Float32Array {
  const dimension = sizeOf(shape);
  const rows = features.length / dimension;
  if (rows < 2) {
    throw new StageFailure('this model normalises by speaker and cannot judge a single recording', {
      hint: 'give several recordings of one speaker, or train with normalizeBySpeaker: false',
    });
  }
  const scaler: Scaler = fitScalerOn(features, dimension, [...Array(rows).keys()], shape.at(-1));
  return applyScaler(scaler, features);
}
