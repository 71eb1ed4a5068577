export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Clips of the class. */
  readonly support: number;
}

/** scikit-learn's `classification_report(zero_division=0)`: a quotient by zero counts as 0. */
export interface ClassificationReport {
  readonly perClass: readonly ClassScores[];
  readonly accuracy: number;
  /** The plain mean over the classes that occur among the labels or the predictions, as where scikit-learn is given no `labels`. */
  readonly macro: ClassScores;
  /** The mean over the classes weighted by their support. */
  readonly weighted: ClassScores;
  /**
   * UAR, the mean of the recalls over the classes that occur: `balanced_accuracy_score`. It differs from
   * `macro.recall` only where a class has no clip.
   */
  readonly unweightedAverageRecall: number;
}

/** `confusion[i][j]`: clips of class `i` taken for class `j`. */
export function classificationReport(confusion: readonly (readonly number[])[]): ClassificationReport {
  const perClass = confusion.map((row, index): ClassScores => {
    const right = row[index];
    const support = sum(row);
    const predicted = sum(confusion.map((other) => other[index]));
    return {
      precision: quotient(right, predicted),
      recall: quotient(right, support),
      f1: quotient(2 * right, support + predicted),
      support,
    };
  });
  const total = sum(perClass.map((scores) => scores.support));
  const occurring = perClass.filter((scores) => scores.support > 0);
  // A class that a protocol leaves out of every test part would otherwise count as never recognised.
  const met = perClass.filter(
    (scores, index) => scores.support > 0 || confusion.some((row) => row[index] > 0),
  );
  return {
    perClass,
    accuracy: quotient(sum(confusion.map((row, index) => row[index])), total),
    macro: meanScores(met, () => 1, total),
    weighted: meanScores(perClass, (scores) => scores.support, total),
    unweightedAverageRecall: quotient(sum(occurring.map((scores) => scores.recall)), occurring.length),
  };
}

function meanScores(
  perClass: readonly ClassScores[],
  weightOf: (scores: ClassScores) => number,
  support: number,
): ClassScores {
  const weights = sum(perClass.map(weightOf));
  const mean = (field: 'precision' | 'recall' | 'f1'): number =>
    quotient(sum(perClass.map((scores) => scores[field] * weightOf(scores))), weights);
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), support };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function quotient(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}
