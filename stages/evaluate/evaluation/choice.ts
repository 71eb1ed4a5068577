import { classificationReport, confusionMatrix } from '../../metrics/index.ts';
import { validationFigures, type ValidationFigures } from '../../train/validation.ts';
import type { Prediction, Training } from '../inputs/training.ts';
import { ranked, type Ranked } from './ranking.ts';
import type { Choice, NestedChoice } from './types.ts';

/** The validation figures of all folds' validation parts together. */
export function validationOf(predictions: readonly Prediction[], classes: number): ValidationFigures | null {
  return validationFigures(
    predictions.map(({ emotionIndex }) => emotionIndex),
    predictions.map(({ predictedIndex }) => predictedIndex),
    predictions.flatMap(({ probabilities }) => [...probabilities]),
    classes,
  );
}

/** Which model is to be taken, by which figures, and what such a choice is worth. */
export function choiceOf(
  models: readonly (Ranked & { readonly slug: string })[],
  trainings: readonly Training[],
  classes: number,
): Choice {
  const { by, order } = ranked(models);
  return {
    by,
    order: order.map(({ slug }) => slug),
    nested: by === 'validation' && models.length > 1 ? nestedChoice(trainings, classes) : null,
  };
}

/**
 * In each fold the model that is best on the validation part of that fold, judged by the test part of the same fold:
 * what choosing by validation figures gives on speakers that had no part in the choice. The figures of the model that is
 * best over all folds are flattered by comparison, since the speakers that one fold tests others validate on.
 */
function nestedChoice(trainings: readonly Training[], classes: number): NestedChoice | null {
  const folds = [...new Set(trainings[0].test.map(({ fold }) => fold))].sort((a, b) => a - b);
  const tested: Prediction[] = [];
  const stages: string[] = [];
  for (const fold of folds) {
    const of = (predictions: readonly Prediction[]): Prediction[] =>
      predictions.filter((prediction) => prediction.fold === fold);
    const models = trainings.map((training) => ({
      training,
      validation: validationOf(of(training.validation), classes),
    }));
    const judged = models.flatMap(({ training, validation }) =>
      validation === null ? [] : [{ training, validation, test: null }],
    );
    if (judged.length < models.length) return null;
    const [best] = ranked(judged).order;
    stages.push(best.training.stage);
    tested.push(...of(best.training.test));
  }
  const report = classificationReport(
    confusionMatrix(
      tested.map(({ emotionIndex }) => emotionIndex),
      tested.map(({ predictedIndex }) => predictedIndex),
      classes,
    ),
  );
  return {
    testAccuracy: report.accuracy,
    uar: report.unweightedAverageRecall,
    macroF1: report.macro.f1,
    stages,
  };
}
