import type { EnsembleParams } from './params.ts';

/** No probability counts as smaller, so that one model alone cannot rule an emotion out. */
const smallest = 1e-6;

/**
 * The logarithms of the averaged probabilities, rows × classes: their softmax is the average again.
 * `weights` are one a member and sum to 1.
 */
export function averageLogits(
  members: readonly Float64Array[],
  weights: readonly number[],
  average: EnsembleParams['average'],
): Float64Array {
  const averaged = new Float64Array(members[0].length);
  for (const [member, probabilities] of members.entries()) {
    for (let i = 0; i < averaged.length; i++) {
      const probability = Math.max(smallest, probabilities[i]);
      averaged[i] += weights[member] * (average === 'geometric' ? Math.log(probability) : probability);
    }
  }
  return average === 'geometric' ? averaged : averaged.map((probability) => Math.log(probability));
}
