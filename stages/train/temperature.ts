/** Scores are not divided by less or more than these: a few clips, all of them right, would ask for 0. */
const lowest = 0.05;
const highest = 20;

/**
 * The temperature T that makes softmax(scores / T) the likeliest for the labels (Guo et al., "On Calibration of
 * Modern Neural Networks", 2017), within 0.05 to 20. `scores`: rows × classes, row-major, of rows that the model was
 * not fitted on. The loss is convex in 1 / T: Newton's method, kept within an interval that is halved where a step
 * leaves it. 1 where there are no rows.
 */
export function fitTemperature(scores: Float64Array, labels: ArrayLike<number>, classes: number): number {
  if (labels.length === 0) return 1;
  let [low, high] = [1 / highest, 1 / lowest];
  let inverse = 1;
  for (let iteration = 0; iteration < 100; iteration++) {
    const { slope, curvature } = lossBySharpness(scores, labels, classes, inverse);
    if (slope > 0) high = inverse;
    else low = inverse;
    const newton = inverse - slope / curvature;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - inverse) <= 1e-10 * inverse) break;
    inverse = next;
  }
  return 1 / inverse;
}

/** First and second derivative of the mean cross-entropy by 1 / T: mean and variance of the scores under softmax. */
function lossBySharpness(
  scores: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
  inverse: number,
): { slope: number; curvature: number } {
  const probabilities = softmax(scores, classes, 1 / inverse);
  let [slope, curvature] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const start = row * classes;
    let [mean, square] = [0, 0];
    for (let c = 0; c < classes; c++) {
      mean += probabilities[start + c] * scores[start + c];
      square += probabilities[start + c] * scores[start + c] ** 2;
    }
    slope += (mean - scores[start + labels[row]]) / labels.length;
    curvature += Math.max(0, square - mean ** 2) / labels.length;
  }
  return { slope, curvature };
}

/** softmax(scores / temperature) of every row. `scores`: rows × classes, row-major. */
export function softmax(scores: Float64Array, classes: number, temperature = 1): Float64Array {
  const probabilities = new Float64Array(scores.length);
  for (let start = 0; start < scores.length; start += classes) {
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, scores[start + c]);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const power = Math.exp((scores[start + c] - largest) / temperature);
      probabilities[start + c] = power;
      sum += power;
    }
    for (let c = 0; c < classes; c++) probabilities[start + c] /= sum;
  }
  return probabilities;
}
