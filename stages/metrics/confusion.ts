/**
 * `matrix[i][j]`: how many of class `i` were taken for class `j`. Throws RangeError where a label is no class.
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
): number[][] {
  if (labels.length !== predicted.length) {
    throw new RangeError(`${labels.length} labels for ${predicted.length} predictions`);
  }
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    if (!isClass(labels[i], classes) || !isClass(predicted[i], classes)) {
      throw new RangeError(`${labels[i]} or ${predicted[i]} is none of ${classes} classes`);
    }
    matrix[labels[i]][predicted[i]]++;
  }
  return matrix;
}

/** The sum of two matrices of equal size, as of two folds. */
export function addConfusion(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
): number[][] {
  return a.map((row, i) => row.map((value, j) => value + b[i][j]));
}

/** Each row divided by its sum; a row without clips stays zero. */
export function normalizeRows(matrix: readonly (readonly number[])[]): number[][] {
  return matrix.map((row) => {
    const sum = row.reduce((total, value) => total + value, 0);
    return row.map((value) => (sum === 0 ? 0 : value / sum));
  });
}

function isClass(value: number, classes: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < classes;
}
