/**
 * Weights that a sum of losses of linear scores, plus an L2 penalty, leads to are combinations of the training rows:
 * W = A X, with X of rows × dimension and A of classes × rows. All that a fit needs of the rows is then the product
 * A X Xᵀ. Rows of pooled encoder states are far wider than there are rows, so that the rows × rows matrix X Xᵀ,
 * made once, saves most of the work; rows narrower than half their number are multiplied through instead.
 */
export interface RowSpace {
  readonly rows: number;
  /** `coefficients` X Xᵀ: classes × rows, row-major. */
  product(coefficients: Float64Array, classes: number): Float64Array;
  /** `coefficients` X: classes × dimension, row-major. */
  weights(coefficients: Float64Array, classes: number): Float64Array;
}

/** `features`: rows × dimension, row-major. */
export function rowSpace(features: Float32Array, dimension: number): RowSpace {
  const rows = features.length / dimension;
  const weights = (coefficients: Float64Array, classes: number): Float64Array =>
    combineRows(coefficients, classes, features, dimension);
  if (2 * dimension < rows) {
    return {
      rows,
      weights,
      product: (coefficients, classes) =>
        scoreRows(features, dimension, weights(coefficients, classes), classes),
    };
  }
  const gram = gramMatrix(features, dimension);
  return { rows, weights, product: (coefficients, classes) => scoreRows(gram, rows, coefficients, classes) };
}

/** weights featuresᵀ: classes × rows, for `features` rows × dimension and `weights` classes × dimension. */
export function scoreRows(
  features: Float32Array | Float64Array,
  dimension: number,
  weights: Float64Array | Float32Array,
  classes: number,
): Float64Array {
  const rows = features.length / dimension;
  const scores = new Float64Array(classes * rows);
  for (let row = 0; row < rows; row++) {
    const start = row * dimension;
    let c = 0;
    // Four classes at a time read each feature once.
    for (; c + 4 <= classes; c += 4) {
      const [w0, w1, w2, w3] = [c * dimension, (c + 1) * dimension, (c + 2) * dimension, (c + 3) * dimension];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let j = 0; j < dimension; j++) {
        const value = features[start + j];
        s0 += value * weights[w0 + j];
        s1 += value * weights[w1 + j];
        s2 += value * weights[w2 + j];
        s3 += value * weights[w3 + j];
      }
      scores[c * rows + row] = s0;
      scores[(c + 1) * rows + row] = s1;
      scores[(c + 2) * rows + row] = s2;
      scores[(c + 3) * rows + row] = s3;
    }
    for (; c < classes; c++) {
      let sum = 0;
      for (let j = 0; j < dimension; j++) sum += features[start + j] * weights[c * dimension + j];
      scores[c * rows + row] = sum;
    }
  }
  return scores;
}

function combineRows(
  coefficients: Float64Array,
  classes: number,
  features: Float32Array,
  dimension: number,
): Float64Array {
  const rows = features.length / dimension;
  const weights = new Float64Array(classes * dimension);
  for (let c = 0; c < classes; c++) {
    const target = weights.subarray(c * dimension, (c + 1) * dimension);
    for (let row = 0; row < rows; row++) {
      const coefficient = coefficients[c * rows + row];
      const start = row * dimension;
      for (let j = 0; j < dimension; j++) target[j] += coefficient * features[start + j];
    }
  }
  return weights;
}

/** Columns that are summed before the next block, so that the rows of a tile stay in the first-level cache. */
const blockColumns = 512;

/** X Xᵀ in double precision: rows × rows, symmetric. */
export function gramMatrix(features: Float32Array, dimension: number): Float64Array {
  const rows = features.length / dimension;
  const gram = new Float64Array(rows * rows);
  for (let from = 0; from < dimension; from += blockColumns) {
    const to = Math.min(dimension, from + blockColumns);
    for (let i = 0; i < rows; i += 2) {
      for (let k = i; k < rows; k += 4) addTile(gram, features, rows, dimension, i, k, from, to);
    }
  }
  for (let i = 0; i < rows; i++) for (let k = 0; k < i; k++) gram[i * rows + k] = gram[k * rows + i];
  return gram;
}

/** Adds the products of rows i, i + 1 with rows k to k + 3; a tile at the edge repeats its last row. */
function addTile(
  gram: Float64Array,
  features: Float32Array,
  rows: number,
  dimension: number,
  i: number,
  k: number,
  from: number,
  to: number,
): void {
  const last = rows - 1;
  const a0 = i * dimension;
  const a1 = Math.min(i + 1, last) * dimension;
  const b0 = k * dimension;
  const b1 = Math.min(k + 1, last) * dimension;
  const b2 = Math.min(k + 2, last) * dimension;
  const b3 = Math.min(k + 3, last) * dimension;
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let j = from; j < to; j++) {
    const x0 = features[a0 + j];
    const x1 = features[a1 + j];
    const y0 = features[b0 + j];
    const y1 = features[b1 + j];
    const y2 = features[b2 + j];
    const y3 = features[b3 + j];
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
  }
  const first = [s00, s01, s02, s03];
  const second = [s10, s11, s12, s13];
  for (let n = 0; n < 4 && k + n < rows; n++) {
    gram[i * rows + k + n] += first[n];
    if (i + 1 < rows) gram[(i + 1) * rows + k + n] += second[n];
  }
}
