import type { InputArtifact } from '../../../runner/kind/index.ts';
import {
  accuracyByGroup,
  accuracyOf,
  classificationReport,
  confusionMatrix,
  expectedCalibrationError,
  spreadOf,
  type ClassificationReport,
  type GroupAccuracy,
  type Spread,
} from '../../metrics/index.ts';
import { loadFolds } from '../dataset.ts';
import { indexOfLargest } from '../predictions.ts';
import { calibrationsOf, readPredictedParts, tempered, type FoldCalibration } from './calibration.ts';

/** How good a model was on the test clips of its folds, each judged by the model that had not seen it. */
export interface ModelFigures {
  readonly report: ClassificationReport;
  /** Test accuracy over the folds. */
  readonly folds: Spread;
  /** Test accuracy of each speaker, and over them. */
  readonly speakers: readonly GroupAccuracy[];
  readonly overSpeakers: Spread;
  readonly calibrations: readonly FoldCalibration[];
  /** Expected calibration errors of the test clips, without and with the temperatures. */
  readonly calibrationError: { readonly before: number; readonly after: number };
}

export async function figuresOf(
  model: InputArtifact,
  split: InputArtifact,
  emotions: readonly string[],
): Promise<ModelFigures> {
  const { ids, speakers, folds } = await loadFolds(split);
  const classes = emotions.length;
  const speakerOf = new Map(ids.map((id, row) => [id, speakers[row]]));
  const parts = await readPredictedParts(model, folds.length, classes);
  const calibrations = await calibrationsOf(model, parts, classes);
  const tests = parts.map(({ test }) => test);
  const labels = tests.flatMap((test) => test.labels);
  const predictedIn = tests.map(({ labels: of, probabilities }) =>
    of.map((_, row) => indexOfLargest(probabilities.subarray(row * classes, (row + 1) * classes))),
  );
  const predicted = predictedIn.flat();
  const bySpeaker = accuracyByGroup(
    labels,
    predicted,
    tests.flatMap((test) => test.clips.map((clip) => speakerOf.get(clip) ?? 'unknown')),
  );
  const errorWith = (temperatureOf: (calibration: FoldCalibration) => number): number => {
    const probabilities = tests.flatMap((test, fold) => [
      ...tempered(test.probabilities, classes, temperatureOf(calibrations[fold])),
    ]);
    return expectedCalibrationError(probabilities, labels, classes);
  };
  return {
    report: classificationReport(confusionMatrix(labels, predicted, classes)),
    folds: spreadOf(tests.map((test, fold) => accuracyOf(test.labels, predictedIn[fold]))),
    speakers: bySpeaker,
    overSpeakers: spreadOf(bySpeaker.map(({ accuracy }) => accuracy)),
    calibrations,
    calibrationError: {
      before: errorWith(({ trained }) => 1 / trained),
      after: errorWith(({ temperature }) => temperature),
    },
  };
}
