import { binShift, classMask, countMask, countShift } from './sorted-rows.ts';

/**
 * Finds the best place to cut a node's rows, sorted by one feature. Both measures are turned into a score to be made
 * as large as possible, weights w of the classes, W their sum:
 *
 * - gini: Σ w² / W, which is W − W · (1 − Σ (w / W)²)
 * - entropy: Σ w ln w − W ln W, which is −W · H
 *
 * so that the score of both sides less the score of the node is the weighted decrease of impurity.
 */
export interface ImpurityMeasure {
  score(weights: Float64Array, total: number): number;
  /**
   * `keys`: of `count` rows ascending by bin (`sorted-rows.ts`). `weights`, `total`: of the node. Each side keeps at
   * least `minRows` rows. Where there is a cut, true, and `bestScore` is of both sides, `bestLower` and `bestUpper`
   * are the bins on its two sides.
   */
  findCut(keys: Int32Array, count: number, weights: Float64Array, total: number, minRows: number): boolean;
  readonly bestScore: number;
  readonly bestLower: number;
  readonly bestUpper: number;
}

/** `rowWeights`: of a row of each class. */
export function impurityMeasure(
  criterion: 'gini' | 'entropy',
  rowWeights: Float64Array,
  rows: number,
): ImpurityMeasure {
  return criterion === 'gini' ? new Gini(rowWeights) : new Entropy(rowWeights, rows);
}

class Gini implements ImpurityMeasure {
  bestScore = -Infinity;
  bestLower = 0;
  bestUpper = 0;
  readonly #rowWeights: Float64Array;
  readonly #left: Float64Array;

  constructor(rowWeights: Float64Array) {
    this.#rowWeights = rowWeights;
    this.#left = new Float64Array(rowWeights.length);
  }

  score(weights: Float64Array, total: number): number {
    return sumOfSquares(weights) / total;
  }

  findCut(keys: Int32Array, count: number, weights: Float64Array, total: number, minRows: number): boolean {
    const rowWeights = this.#rowWeights;
    const left = this.#left.fill(0);
    const squares = sumOfSquares(weights);
    let leftTotal = 0;
    let leftSquares = 0;
    // Σ left · node: the right side's Σ (node − left)² then needs no array of its own.
    let products = 0;
    let bin = keys[0] >>> binShift;
    let best = 0;
    for (let i = 0; i < count; i++) {
      const key = keys[i];
      const nextBin = key >>> binShift;
      const rightTotal = total - leftTotal;
      const rightSquares = squares - 2 * products + leftSquares;
      // Asked for every row, also inside a bin, and without a division: the answer is nearly always no, which the
      // processor foresees, while it cannot foresee where a bin ends.
      const numerator = leftSquares * rightTotal + rightSquares * leftTotal;
      const denominator = leftTotal * rightTotal;
      if (numerator > best * denominator && nextBin !== bin && i >= minRows && count - i >= minRows) {
        best = numerator / denominator;
        this.bestLower = bin;
        this.bestUpper = nextBin;
      }
      bin = nextBin;
      const label = key & classMask;
      const weight = ((key >>> countShift) & countMask) * rowWeights[label];
      const before = left[label];
      leftTotal += weight;
      leftSquares += weight * (2 * before + weight);
      products += weight * weights[label];
      left[label] = before + weight;
    }
    this.bestScore = best;
    return best > 0;
  }
}

class Entropy implements ImpurityMeasure {
  bestScore = -Infinity;
  bestLower = 0;
  bestUpper = 0;
  readonly #rowWeights: Float64Array;
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #timesLogarithm: (value: number) => number;

  constructor(rowWeights: Float64Array, rows: number) {
    this.#rowWeights = rowWeights;
    this.#left = new Float64Array(rowWeights.length);
    this.#right = new Float64Array(rowWeights.length);
    // Weights of one are counts, whose logarithms are worth a table.
    this.#timesLogarithm = rowWeights.every((weight) => weight === 1)
      ? tabulated(rows)
      : (value) => (value > 0 ? value * Math.log(value) : 0);
  }

  score(weights: Float64Array, total: number): number {
    return weights.reduce((sum, weight) => sum + this.#timesLogarithm(weight), -this.#timesLogarithm(total));
  }

  findCut(keys: Int32Array, count: number, weights: Float64Array, total: number, minRows: number): boolean {
    const rowWeights = this.#rowWeights;
    const timesLogarithm = this.#timesLogarithm;
    const left = this.#left.fill(0);
    const right = this.#right;
    right.set(weights);
    let leftSum = 0;
    let rightSum = 0;
    for (const weight of weights) rightSum += timesLogarithm(weight);
    let leftTotal = 0;
    let bin = keys[0] >>> binShift;
    let best = -Infinity;
    for (let i = 0; i < count; i++) {
      const key = keys[i];
      const nextBin = key >>> binShift;
      if (nextBin !== bin) {
        if (i >= minRows && count - i >= minRows) {
          const score = leftSum - timesLogarithm(leftTotal) + rightSum - timesLogarithm(total - leftTotal);
          if (score > best) {
            best = score;
            this.bestLower = bin;
            this.bestUpper = nextBin;
          }
        }
        bin = nextBin;
      }
      const label = key & classMask;
      const weight = ((key >>> countShift) & countMask) * rowWeights[label];
      leftSum += timesLogarithm(left[label] + weight) - timesLogarithm(left[label]);
      rightSum += timesLogarithm(right[label] - weight) - timesLogarithm(right[label]);
      left[label] += weight;
      right[label] -= weight;
      leftTotal += weight;
    }
    this.bestScore = best;
    return best > -Infinity;
  }
}

function sumOfSquares(weights: Float64Array): number {
  let sum = 0;
  for (const weight of weights) sum += weight * weight;
  return sum;
}

/** n ln n for the integers up to `limit`. */
function tabulated(limit: number): (value: number) => number {
  const table = Float64Array.from({ length: limit + 1 }, (_, n) => (n === 0 ? 0 : n * Math.log(n)));
  return (value) => table[value];
}
