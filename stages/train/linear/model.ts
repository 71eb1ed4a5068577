import { z } from 'zod';
import { StageFailure, type InputArtifact, type Output } from '../../../runner/kind/index.ts';
import type { Classifier } from '../prediction/fold-models.ts';
import { applyScaler, fitScalerOn, scalerFromJson, scalerToJson, type Scaler } from '../scaler.ts';
import { softmax } from '../temperature.ts';
import { scoreRows } from './row-space.ts';

/** A linear classifier with all that it does to the features of a clip before. */
export interface LinearModel {
  readonly emotions: readonly string[];
  /** Of the features of one clip. */
  readonly shape: readonly number[];
  /** Emotions × dimension, row-major. */
  readonly weights: Float32Array;
  /** One an emotion. */
  readonly intercepts: Float32Array;
  /** What scores are divided by before the softmax. */
  readonly temperature: number;
  readonly scaler: Scaler | undefined;
  /** Whether features are first standardised over the clips of their speaker. */
  readonly normalizeBySpeaker: boolean;
}

/** W x + b: rows × emotions, row-major, for features that are scaled already. */
export function scoresOf(
  { weights, intercepts }: Pick<LinearModel, 'weights' | 'intercepts'>,
  scaled: Float32Array,
): Float64Array {
  const classes = intercepts.length;
  const dimension = weights.length / classes;
  const rows = scaled.length / dimension;
  const byClass = scoreRows(scaled, dimension, weights, classes);
  const scores = new Float64Array(byClass.length);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < classes; c++) scores[row * classes + c] = byClass[c * rows + row] + intercepts[c];
  }
  return scores;
}

/**
 * The classifier of features as the features stage gives them. Where the model normalises by speaker, the rows of
 * one call are taken as clips of one speaker, and StageFailure is thrown for a single one.
 */
function classifierOf(model: LinearModel): Classifier {
  const dimension = model.shape.reduce((product, size) => product * size, 1);
  return (features) => {
    const normalized = model.normalizeBySpeaker ? normalizeSpeaker(features, dimension, model) : features;
    const scaled = model.scaler === undefined ? normalized : applyScaler(model.scaler, normalized);
    return softmax(scoresOf(model, scaled), model.emotions.length, model.temperature);
  };
}

function normalizeSpeaker(features: Float32Array, dimension: number, { shape }: LinearModel): Float32Array {
  const rows = features.length / dimension;
  if (rows < 2) {
    throw new StageFailure('this model normalises by speaker and cannot judge a single recording', {
      hint: 'give several recordings of one speaker, or train with normalizeBySpeaker: false',
    });
  }
  return applyScaler(fitScalerOn(features, dimension, [...Array(rows).keys()], shape.at(-1)), features);
}

const modelFile = z.object({
  emotions: z.array(z.string()).min(2),
  shape: z.array(z.int().positive()),
  temperature: z.number().positive(),
  normalizeBySpeaker: z.boolean(),
});

/** Writes `linear.json`, `weights.arrow` with one row an emotion, and `scaler.json` where there is a scaler. */
export async function saveLinearModel(model: LinearModel, output: Output, folder: string): Promise<void> {
  const { emotions, shape, temperature, normalizeBySpeaker, weights, intercepts, scaler } = model;
  const dimension = weights.length / emotions.length;
  await output.json(`${folder}/linear.json`, { emotions, shape, temperature, normalizeBySpeaker });
  const writer = await output.table(`${folder}/weights`, {
    weights: { type: 'tensor', shape: [dimension] },
    intercept: { type: 'float64' },
  });
  for (const [index, emotion] of emotions.entries()) {
    await writer.write(emotion, {
      weights: weights.slice(index * dimension, (index + 1) * dimension),
      intercept: intercepts[index],
    });
  }
  await writer.close();
  if (scaler !== undefined) await output.json(`${folder}/scaler.json`, scalerToJson(scaler));
}

/** Reads what `saveLinearModel` wrote. Throws StageFailure where there is no such model. */
async function loadLinearModel(artifact: InputArtifact, folder: string): Promise<LinearModel> {
  if (!artifact.files.includes(`${folder}/linear.json`)) {
    throw new StageFailure(`there is no linear model in ${folder}`, {
      place: artifact.stage,
      hint: 'name a stage whose kind is train/logistic-regression or train/linear-svm',
    });
  }
  const table = await artifact.table(`${folder}/weights`);
  const scaler = `${folder}/scaler.json`;
  return {
    ...modelFile.parse(await artifact.json(`${folder}/linear.json`)),
    weights: table.tensor('weights').data,
    intercepts: Float32Array.from(table.numbers('intercept')),
    scaler: artifact.files.includes(scaler) ? scalerFromJson(await artifact.json(scaler)) : undefined,
  };
}

/** The classifier of one fold of a trained stage. Throws StageFailure where there is none. */
export async function loadClassifier(artifact: InputArtifact, fold: number): Promise<Classifier> {
  return classifierOf(await loadLinearModel(artifact, `models/fold${fold}`));
}
