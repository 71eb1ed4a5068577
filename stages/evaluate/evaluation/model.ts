import {
  accuracyByGroup,
  accuracyOf,
  classificationReport,
  confusionMatrix,
  expectedCalibrationError,
  reliabilityBins,
  spreadOf,
} from '../../metrics/index.ts';
import type { FoldSummary } from '../../train/summary.ts';
import type { Prediction, Training } from '../inputs/training.ts';
import { analysisOf } from './analysis.ts';
import { validationOf } from './choice.ts';
import type { Intervals } from './intervals.ts';
import type { Calibration, Mistake, ModelEvaluation, SpeakerFigures } from './types.ts';

/** How figures are estimated, and what they are held against. */
export interface ModelOptions {
  readonly emotions: readonly string[];
  /** Speaker by clip. */
  readonly speakers: ReadonlyMap<string, string>;
  readonly chance: number;
  readonly confidence: number;
  readonly calibrationBins: number;
  /** How many mistakes to list. */
  readonly mistakes: number;
}

/**
 * The figures of one model. Those of the test part take the test predictions of all folds together, so that every
 * one of them follows from the one confusion matrix; only the spread is over folds.
 */
export function evaluateModel(
  training: Training,
  name: { readonly slug: string; readonly label: string },
  intervals: Intervals,
  options: ModelOptions,
): ModelEvaluation {
  const { summary, train, test } = training;
  const classes = options.emotions.length;
  const truth = truthOf(test);
  const predicted = answersOf(test);
  const speakers = test.map((prediction) => speakerOf(prediction, options));
  const confusion = confusionMatrix(truth, predicted, classes);
  const report = classificationReport(confusion);
  const foldAccuracies = accuracyByFold(test);
  const figures = {
    trainAccuracy: accuracyOf(truthOf(train), answersOf(train)),
    testAccuracy: report.accuracy,
    testAccuracyInterval: intervals.accuracy,
    classes: report.perClass.map((scores, index) => ({ emotion: options.emotions[index], ...scores })),
    confusion,
    folds: summary.folds,
    speakers: speakerFigures(truth, predicted, speakers),
    calibration: calibrationOf(test, truth, classes, options.calibrationBins),
  };
  return {
    ...name,
    stage: training.stage,
    model: summary.model,
    features: summary.features,
    layers: summary.layers,
    parameters: summary.parameters,
    hyperparameters: summary.hyperparameters,
    library: summary.library ?? null,
    outOfBagAccuracy: outOfBagOf(summary.folds),
    notes: summary.notes,
    cautions: summary.cautions ?? [],
    epochs: Math.round(spreadOf(summary.folds.map((fold) => fold.epochs)).mean),
    ...figures,
    foldAccuracies,
    testAccuracyStd: spreadOf(foldAccuracies).standardDeviation,
    uar: report.unweightedAverageRecall,
    uarInterval: intervals.uar,
    macroF1Interval: intervals.macroF1,
    validation: validationOf(training.validation, classes),
    macro: report.macro,
    weighted: report.weighted,
    mistakes: confidentMistakes(test, options),
    analysis: analysisOf(figures, options),
  };
}

/** The mean over the folds; null for a model that has no bags. */
function outOfBagOf(folds: readonly FoldSummary[]): number | null {
  const known = folds.flatMap(({ outOfBagAccuracy }) => outOfBagAccuracy ?? []);
  return known.length === 0 ? null : spreadOf(known).mean;
}

function accuracyByFold(test: readonly Prediction[]): number[] {
  const folds = [...new Set(test.map((prediction) => prediction.fold))].toSorted((a, b) => a - b);
  return folds.map((fold) => {
    const own = test.filter((prediction) => prediction.fold === fold);
    return accuracyOf(truthOf(own), answersOf(own));
  });
}

function speakerFigures(
  truth: Int32Array,
  predicted: Int32Array,
  speakers: readonly string[],
): SpeakerFigures[] {
  return accuracyByGroup(truth, predicted, speakers).map(({ group, count, accuracy }) => ({
    speaker: group,
    files: count,
    correct: Math.round(accuracy * count),
    accuracy,
  }));
}

function calibrationOf(
  test: readonly Prediction[],
  truth: Int32Array,
  classes: number,
  bins: number,
): Calibration {
  const probabilities = new Float32Array(test.length * classes);
  for (const [index, prediction] of test.entries())
    probabilities.set(prediction.probabilities, index * classes);
  const confidences = test.map((prediction) => prediction.probabilities[prediction.predictedIndex]);
  return {
    ece: expectedCalibrationError(probabilities, truth, classes, bins),
    meanConfidence: spreadOf(confidences).mean,
    bins: reliabilityBins(probabilities, truth, classes, bins).filter((bin) => bin.count > 0),
  };
}

function confidentMistakes(test: readonly Prediction[], options: ModelOptions): Mistake[] {
  return test
    .filter((prediction) => prediction.predictedIndex !== prediction.emotionIndex)
    .map((prediction): Mistake => ({
      clip: prediction.clip,
      speaker: speakerOf(prediction, options),
      emotion: options.emotions[prediction.emotionIndex],
      predicted: options.emotions[prediction.predictedIndex],
      confidence: prediction.probabilities[prediction.predictedIndex],
      probabilityOfTruth: prediction.probabilities[prediction.emotionIndex],
      probabilities: [...prediction.probabilities],
    }))
    .toSorted((a, b) => b.confidence - a.confidence || (a.clip < b.clip ? -1 : 1))
    .slice(0, options.mistakes);
}

function speakerOf(prediction: Prediction, options: ModelOptions): string {
  return options.speakers.get(prediction.clip) ?? '?';
}

function truthOf(predictions: readonly Prediction[]): Int32Array {
  return Int32Array.from(predictions, (prediction) => prediction.emotionIndex);
}

function answersOf(predictions: readonly Prediction[]): Int32Array {
  return Int32Array.from(predictions, (prediction) => prediction.predictedIndex);
}
