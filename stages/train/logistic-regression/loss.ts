import type { LabelledRows, ScoreLoss } from '../linear/loss.ts';

/** The multinomial cross-entropy −log softmax(scores)[label] of each row, weighted. */
export function multinomialLoss({ labels, classes, weights }: LabelledRows): ScoreLoss {
  const rows = labels.length;
  return {
    value(scores) {
      let total = 0;
      for (let row = 0; row < rows; row++) {
        const largest = largestOf(scores, classes, rows, row);
        let sum = 0;
        for (let c = 0; c < classes; c++) sum += Math.exp(scores[c * rows + row] - largest);
        total += weights[row] * (Math.log(sum) + largest - scores[labels[row] * rows + row]);
      }
      return total;
    },
    expand(scores) {
      const probabilities = softmaxByRow(scores, classes);
      const gradient = probabilities.map((value, index) => {
        const row = index % rows;
        return weights[row] * (value - (labels[row] * rows + row === index ? 1 : 0));
      });
      return {
        gradient,
        // diag(p) − p pᵀ of each row.
        curvature(direction) {
          const curved = new Float64Array(direction.length);
          for (let row = 0; row < rows; row++) {
            let mean = 0;
            for (let c = 0; c < classes; c++) {
              mean += probabilities[c * rows + row] * direction[c * rows + row];
            }
            for (let c = 0; c < classes; c++) {
              const index = c * rows + row;
              curved[index] = weights[row] * probabilities[index] * (direction[index] - mean);
            }
          }
          return curved;
        },
      };
    },
  };
}

function softmaxByRow(scores: Float64Array, classes: number): Float64Array {
  const rows = scores.length / classes;
  const probabilities = new Float64Array(scores.length);
  for (let row = 0; row < rows; row++) {
    const largest = largestOf(scores, classes, rows, row);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const power = Math.exp(scores[c * rows + row] - largest);
      probabilities[c * rows + row] = power;
      sum += power;
    }
    for (let c = 0; c < classes; c++) probabilities[c * rows + row] /= sum;
  }
  return probabilities;
}

function largestOf(scores: Float64Array, classes: number, rows: number, row: number): number {
  let largest = scores[row];
  for (let c = 1; c < classes; c++) largest = Math.max(largest, scores[c * rows + row]);
  return largest;
}
