/** The most bins a feature may have: a bin is one byte. */
const maximalBins = 256;

/**
 * Features as bins: a tree compares bytes and sorts by counting. With up to 256 distinct values each has a bin of
 * its own and nothing is lost; with more, bins hold about equally many rows.
 */
export interface BinnedFeatures {
  readonly rows: number;
  readonly dimension: number;
  /** Column-major: the bin of row `i` and feature `f` is at `f * rows + i`. */
  readonly bins: Uint8Array;
  /** For each feature the edges between its bins, ascending: bin `b` holds values ≤ `edges[b]` and above the edge before. */
  readonly edges: readonly Float32Array[];
}

/** `features`: rows × dimension, row-major, without NaN. */
export function binFeatures(features: Float32Array, rows: number, dimension: number): BinnedFeatures {
  const bins = new Uint8Array(rows * dimension);
  const edges: Float32Array[] = [];
  const sorted = new Float32Array(rows);
  const padded = new Float32Array(maximalBins - 1);
  for (let feature = 0; feature < dimension; feature++) {
    for (let row = 0; row < rows; row++) sorted[row] = features[row * dimension + feature];
    const featureEdges = edgesBetween(sorted.sort());
    edges.push(featureEdges);
    padded.fill(Infinity).set(featureEdges);
    const start = feature * rows;
    for (let row = 0; row < rows; row++)
      bins[start + row] = edgesBelow(features[row * dimension + feature], padded);
  }
  return { rows, dimension, bins, edges };
}

function edgesBetween(sorted: Float32Array): Float32Array {
  const everyGap = edgesAt(sorted, sorted.keys());
  if (everyGap.length < maximalBins) return Float32Array.from(everyGap);
  const quantiles = Array.from({ length: maximalBins }, (_, bin) =>
    Math.floor((bin * sorted.length) / maximalBins),
  );
  // Inside a run of equal values there is no place for an edge: it moves to where the run begins.
  return Float32Array.from(
    edgesAt(
      sorted,
      quantiles.map((place) => startOfRun(sorted, place)),
    ),
  );
}

/** The edges below the values at these places, ascending; none where the value before is the same. */
function edgesAt(sorted: Float32Array, places: Iterable<number>): number[] {
  const edges: number[] = [];
  let before = 0;
  for (const place of places) {
    if (place > before && sorted[place - 1] < sorted[place])
      edges.push(edgeBetween(sorted[place - 1], sorted[place]));
    before = place;
  }
  return edges;
}

function startOfRun(sorted: Float32Array, place: number): number {
  let start = place;
  while (start > 0 && sorted[start - 1] === sorted[place]) start--;
  return start;
}

/** The middle of two values as float32; the lower of them where the middle would round up to the upper one. */
function edgeBetween(lower: number, upper: number): number {
  const middle = Math.fround(lower / 2 + upper / 2);
  return middle < upper && middle >= lower ? middle : lower;
}

/**
 * How many edges lie below the value. `padded` holds 255 edges, missing ones infinite. A binary search of eight steps
 * without a branch: which way it goes cannot be foreseen by the processor.
 */
function edgesBelow(value: number, padded: Float32Array): number {
  let below = 0;
  for (let step = 7; step >= 0; step--) below += Number(value > padded[below + (1 << step) - 1]) << step;
  return below;
}
