import { classificationReport, confusionMatrix, logLoss } from '../metrics/index.ts';

/** How good a model is on rows that it was not fitted on and that are no test rows: what choices go by. */
export interface ValidationFigures {
  /** Rows that the figures are of. */
  readonly clips: number;
  readonly accuracy: number;
  /** Unweighted average recall over the emotions that occur. */
  readonly uar: number;
  readonly macroF1: number;
  /** Mean of −log of the probability given to the right emotion. */
  readonly loss: number;
}

/** Null where there are no rows. `probabilities`: rows × classes, row-major. */
export function validationFigures(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): ValidationFigures | null {
  if (labels.length === 0) return null;
  const report = classificationReport(confusionMatrix(labels, predicted, classes));
  return {
    clips: labels.length,
    accuracy: report.accuracy,
    uar: report.unweightedAverageRecall,
    macroF1: report.macro.f1,
    loss: logLoss(probabilities, labels, classes),
  };
}
