import { z } from 'zod';
import type { InputArtifact } from '../../../runner/kind/index.ts';
import type { Part } from '../dataset.ts';
import { fitTemperature, softmax } from '../temperature.ts';

/** How the probabilities of one fold's model are made to mean what they say. */
export interface FoldCalibration {
  /** What the logits were divided by when the model was trained; 1 for a kind that does not calibrate. */
  readonly trained: number;
  /** What the logits of what it gives are divided by on top; 1, or next to it, where training did all. */
  readonly temperature: number;
  /** Whether there was a validation part to fit it on: nothing is fitted on test clips. */
  readonly fitted: boolean;
}

/** What a model predicted of one part of a fold. */
export interface PredictedPart {
  readonly clips: readonly string[];
  readonly labels: readonly number[];
  /** Clips × emotions, row-major. */
  readonly probabilities: Float64Array;
}

/** Reads `predictions.arrow`: by fold, each of the parts. */
export async function readPredictedParts(
  model: InputArtifact,
  folds: number,
  classes: number,
): Promise<readonly Readonly<Record<Part, PredictedPart>>[]> {
  const table = await model.table('predictions');
  const [clips, parts] = [table.text('clip'), table.text('part')];
  const [foldOf, labels] = [table.numbers('fold'), table.numbers('emotionIndex')];
  const { data } = table.tensor('probabilities');
  const read = (fold: number, part: Part): PredictedPart => {
    const rows = [...table.ids.keys()].filter((row) => foldOf[row] === fold && parts[row] === part);
    return {
      clips: rows.map((row) => clips[row]),
      labels: rows.map((row) => labels[row]),
      probabilities: Float64Array.from(
        rows.flatMap((row) => [...data.subarray(row * classes, (row + 1) * classes)]),
      ),
    };
  };
  return Array.from({ length: folds }, (_, fold) => ({
    train: read(fold, 'train'),
    validation: read(fold, 'validation'),
    test: read(fold, 'test'),
  }));
}

/** The calibrations of all folds, each fitted on the validation part of its fold. */
export async function calibrationsOf(
  model: InputArtifact,
  parts: readonly Readonly<Record<Part, PredictedPart>>[],
  classes: number,
): Promise<FoldCalibration[]> {
  const calibrations: FoldCalibration[] = [];
  for (const [fold, { validation, test }] of parts.entries()) {
    const tested = new Set(test.clips);
    const fitted = validation.clips.length > 0 && !validation.clips.some((clip) => tested.has(clip));
    const temperature = fitted
      ? fitTemperature(logits(validation.probabilities), validation.labels, classes)
      : 1;
    calibrations.push({ trained: await trainedTemperature(model, fold), temperature, fitted });
  }
  return calibrations;
}

/** What the kinds call the file in which they keep the temperature that they fitted. */
const temperatureFiles = ['classifier.json', 'linear.json', 'ensemble.json'];

async function trainedTemperature(model: InputArtifact, fold: number): Promise<number> {
  const file = temperatureFiles
    .map((name) => `models/fold${fold}/${name}`)
    .find((name) => model.files.includes(name));
  if (file === undefined) return 1;
  return z.object({ temperature: z.number().positive() }).parse(await model.json(file)).temperature;
}

/** Distributions with the temperature applied: the same bits where it is 1. */
export function tempered(probabilities: Float64Array, classes: number, temperature: number): Float64Array {
  return temperature === 1 ? probabilities : softmax(logits(probabilities), classes, temperature);
}

/** No probability counts as smaller: a forest gives zeros, of which there is no logarithm. */
const smallest = 1e-6;

function logits(probabilities: Float64Array): Float64Array {
  return probabilities.map((probability) => Math.log(Math.max(probability, smallest)));
}
