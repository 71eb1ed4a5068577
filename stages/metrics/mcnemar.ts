/** McNemar's test of whether two models of the same clips are wrong equally often. */
export interface McNemarTest {
  /** Clips that only the first model has right. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided, by the binomial distribution. */
  readonly exactP: number;
  /** With Edwards' continuity correction; for 25 or more clips in dispute. */
  readonly chiSquared: { readonly statistic: number; readonly p: number };
}

/** `first[i]` and `second[i]`: whether each model has clip `i` right. */
export function mcNemarTest(first: readonly boolean[], second: readonly boolean[]): McNemarTest {
  if (first.length !== second.length) {
    throw new RangeError(`the models were tested on ${first.length} and ${second.length} clips`);
  }
  const onlyFirst = first.filter((right, i) => right && !second[i]).length;
  const onlySecond = second.filter((right, i) => right && !first[i]).length;
  return mcNemarOfCounts(onlyFirst, onlySecond);
}

export function mcNemarOfCounts(onlyFirst: number, onlySecond: number): McNemarTest {
  const disputed = onlyFirst + onlySecond;
  const distance = Math.max(0, Math.abs(onlyFirst - onlySecond) - 1);
  const statistic = disputed === 0 ? 0 : distance ** 2 / disputed;
  return {
    onlyFirst,
    onlySecond,
    exactP: Math.min(1, 2 * binomialTail(Math.min(onlyFirst, onlySecond), disputed)),
    // A chi-squared variable of one degree of freedom is a squared standard normal one.
    chiSquared: { statistic, p: complementaryError(Math.sqrt(statistic / 2)) },
  };
}

/** The probability of at most `successes` heads of `trials` fair coins. */
function binomialTail(successes: number, trials: number): number {
  let logTerm = -trials * Math.LN2;
  let total = Math.exp(logTerm);
  for (let k = 1; k <= successes; k++) {
    logTerm += Math.log((trials - k + 1) / k);
    total += Math.exp(logTerm);
  }
  return total;
}

/** erfc(x) for x ≥ 0, relative error below 1.2e-7 (Numerical Recipes in C, 2nd edition, section 6.2, `erfcc`). */
function complementaryError(x: number): number {
  const t = 1 / (1 + x / 2);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const polynomial = coefficients.reduceRight((total, coefficient) => total * t + coefficient, 0);
  return t * Math.exp(-x * x + polynomial);
}
