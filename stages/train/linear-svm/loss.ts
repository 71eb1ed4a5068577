import type { LabelledRows, ScoreLoss } from '../linear/loss.ts';

/**
 * The squared hinge max(0, 1 − y s)² of each class against the rest, y = 1 for the label and −1 otherwise,
 * weighted and summed over rows and classes. Its curvature is the generalised one of Lin et al. ("Trust region
 * Newton method for large-scale logistic regression", 2008): 2 where the margin is missed, 0 elsewhere.
 */
export function squaredHingeLoss({ labels, weights }: LabelledRows): ScoreLoss {
  const rows = labels.length;
  const sign = (index: number): number => (labels[index % rows] === Math.floor(index / rows) ? 1 : -1);
  return {
    value(scores) {
      let total = 0;
      for (let index = 0; index < scores.length; index++) {
        const missing = 1 - sign(index) * scores[index];
        if (missing > 0) total += weights[index % rows] * missing ** 2;
      }
      return total;
    },
    expand(scores) {
      const curvatures = new Float64Array(scores.length);
      const gradient = scores.map((score, index) => {
        const missing = 1 - sign(index) * score;
        if (missing <= 0) return 0;
        curvatures[index] = 2 * weights[index % rows];
        return -curvatures[index] * sign(index) * missing;
      });
      return {
        gradient,
        curvature: (direction) => direction.map((value, index) => value * curvatures[index]),
      };
    },
  };
}
