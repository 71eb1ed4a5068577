import { RandomState } from '../random/index.ts';

/** A paired test of whether differences are centred on zero. */
export interface SignFlipTest {
  /** Two-sided. */
  readonly p: number;
  /** Whether every assignment of signs was counted; otherwise some were drawn. */
  readonly exact: boolean;
  /** The least that p can be with as many differences that are not zero. */
  readonly smallestP: number;
}

/** Up to this many differences every assignment of signs is counted. */
export const mostForExactness = 32;

/** Assignments drawn where they are too many to be counted. */
export const drawnAssignments = 9999;

/**
 * The randomisation test of paired differences (Fisher, "The Design of Experiments", 1935, section 21): were the two
 * sides of each pair alike, its difference would as likely have had the other sign. The statistic is the sum of the
 * differences, p the share of the assignments of signs that bring it as far from zero as it is.
 *
 * Give one difference for each independent unit. Where clips come from speakers, these are the speakers, each with the
 * sum over its clips: the test then holds whatever the clips of one speaker have in common (Canay, Romano & Shaikh,
 * "Randomization tests under an approximate symmetry assumption", Econometrica 85, 2017).
 *
 * Up to 32 differences all assignments are counted; beyond, 9,999 are drawn, and the one that was observed is counted
 * with them (Phipson & Smyth, "Permutation p-values should never be zero", 2010).
 */
export function signFlipTest(differences: readonly number[], seed: number): SignFlipTest {
  // The sign of zero changes nothing, and of the two assignments that differ by it alone both count or neither.
  const moving = differences.filter((difference) => difference !== 0);
  if (moving.length === 0) return { p: 1, exact: true, smallestP: 1 };
  const observed = Math.abs(sum(moving));
  // Sums of the same fractions in another order may differ in their last bits.
  const least = observed - 1e-9 * sum(moving.map(Math.abs));
  return moving.length <= mostForExactness
    ? { p: counted(moving, least), exact: true, smallestP: 2 ** (1 - moving.length) }
    : { p: drawn(moving, least, seed), exact: false, smallestP: 1 / (drawnAssignments + 1) };
}

/**
 * Meets in the middle: the sums of all signs of one half, sorted, are searched for each sum of the other. By symmetry
 * the first sign may stay.
 */
function counted(differences: readonly number[], least: number): number {
  const [first, ...rest] = differences;
  const middle = Math.floor(rest.length / 2);
  const left = signedSums(rest.slice(0, middle)).map((value) => value + first);
  const right = signedSums(rest.slice(middle)).sort();
  let extreme = 0;
  for (const value of left) {
    const high = firstNotBelow(right, least - value);
    // Where `least` is not above zero every assignment counts, and the two ends overlap.
    const low = Math.min(high, firstAbove(right, -least - value));
    extreme += right.length - high + low;
  }
  return extreme / (left.length * right.length);
}

/** The sums of all 2ⁿ assignments of signs. */
function signedSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(2 ** values.length);
  let filled = 1;
  for (const value of values) {
    for (let at = 0; at < filled; at++) {
      sums[filled + at] = sums[at] - value;
      sums[at] += value;
    }
    filled *= 2;
  }
  return sums;
}

function firstNotBelow(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAbove(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function drawn(differences: readonly number[], least: number, seed: number): number {
  const random = new RandomState(seed);
  let extreme = 1;
  for (let draw = 0; draw < drawnAssignments; draw++) {
    let total = 0;
    let signs = 0;
    for (let at = 0; at < differences.length; at++) {
      if (at % 32 === 0) signs = random.integer(2 ** 32);
      total += (signs & 1) === 1 ? differences[at] : -differences[at];
      signs >>>= 1;
    }
    if (Math.abs(total) >= least) extreme++;
  }
  return extreme / (drawnAssignments + 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
