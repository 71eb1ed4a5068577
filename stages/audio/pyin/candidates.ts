import { isTrough, parabolicShift } from '../difference-function.ts';
import { betaCumulative } from './beta-distribution.ts';
import type { PyinOptions } from './options.ts';

/**
 * The troughs of a difference function as candidates for the period, each with its probability: pYIN's first step
 * (Mauch & Dixon 2014), in the variant of the authors' program, which `librosa.pyin` follows.
 *
 * A threshold is drawn from a beta distribution; of the troughs below it one is drawn from a truncated Boltzmann
 * distribution that prefers short periods; where none is below, the lowest has `noTroughProbability`.
 */
export class PeriodCandidates {
  /** Of the last frame: candidates, their places in the difference function between its values, and probabilities. */
  count = 0;
  readonly periods: Float64Array;
  readonly probabilities: Float64Array;
  private readonly heights: Float64Array;
  /** Probability of each threshold, and of all before it. */
  private readonly thresholdWeights: Float64Array;
  private readonly cumulativeWeights: Float64Array;
  /** e^(-λk) of the Boltzmann distribution, and 1 / its sum over the first n. */
  private readonly decay: Float64Array;
  private readonly decayNorm: Float64Array;
  private readonly noTroughProbability: number;

  /** @param length values of a difference function. */
  constructor(options: PyinOptions, length: number) {
    const { thresholds, betaParameters, boltzmannParameter } = options;
    const [a, b] = betaParameters;
    this.noTroughProbability = options.noTroughProbability;
    const cumulative = Float64Array.from({ length: thresholds + 1 }, (_, k) =>
      betaCumulative(k / thresholds, a, b),
    );
    this.thresholdWeights = Float64Array.from(
      { length: thresholds },
      (_, k) => cumulative[k + 1] - cumulative[k],
    );
    this.cumulativeWeights = cumulative;
    const most = Math.ceil(length / 2) + 1;
    this.decay = Float64Array.from({ length: most }, (_, k) => Math.exp(-boltzmannParameter * k));
    const first = -Math.expm1(-boltzmannParameter);
    this.decayNorm = Float64Array.from(
      { length: most + 1 },
      (_, n) => first / -Math.expm1(-boltzmannParameter * n),
    );
    this.periods = new Float64Array(most);
    this.probabilities = new Float64Array(most);
    this.heights = new Float64Array(most);
  }

  find(difference: Float64Array): void {
    this.collect(difference);
    const { count, heights, probabilities, thresholdWeights } = this;
    if (count === 0) return;
    let lowest = 0;
    for (let trough = 1; trough < count; trough++) if (heights[trough] < heights[lowest]) lowest = trough;
    const thresholds = thresholdWeights.length;
    let missed = 0;
    for (let k = 0; k < thresholds; k++) {
      const threshold = (k + 1) / thresholds;
      if (!(heights[lowest] < threshold)) {
        missed = k + 1;
        continue;
      }
      this.addThreshold(threshold, thresholdWeights[k]);
    }
    probabilities[lowest] += this.noTroughProbability * this.cumulativeWeights[missed];
  }

  private collect(difference: Float64Array): void {
    this.count = 0;
    for (let index = 0; index < difference.length; index++) {
      if (!isTrough(difference, index)) continue;
      this.heights[this.count] = difference[index];
      this.periods[this.count] = index + parabolicShift(difference, index);
      this.probabilities[this.count++] = 0;
    }
  }

  private addThreshold(threshold: number, weight: number): void {
    const { count, heights, probabilities, decay } = this;
    let below = 0;
    for (let trough = 0; trough < count; trough++) if (heights[trough] < threshold) below++;
    const scale = weight * this.decayNorm[below];
    let position = 0;
    for (let trough = 0; trough < count; trough++) {
      if (heights[trough] < threshold) probabilities[trough] += scale * decay[position++];
    }
  }
}
