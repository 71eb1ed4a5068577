/** A grown tree as flat arrays; node 0 is the root. */
export interface Tree {
  /** The feature a node asks for; −1: the node is a leaf. */
  readonly feature: Int32Array;
  /** A row whose value is ≤ the threshold goes left. */
  readonly threshold: Float32Array;
  /** The left child, the right one follows it; of a leaf its place among `distributions`. */
  readonly left: Int32Array;
  /** Leaves × classes: the probability of each class. */
  readonly distributions: Float32Array;
}

/** The place of the row's leaf in `distributions`. The row starts at `offset` of `features`. */
export function leafOf(tree: Tree, features: Float32Array, offset: number): number {
  const { feature, threshold, left } = tree;
  let node = 0;
  while (feature[node] >= 0) {
    node = features[offset + feature[node]] <= threshold[node] ? left[node] : left[node] + 1;
  }
  return left[node];
}

/** How many splits lie between the root and the deepest leaf. */
export function depthOf(tree: Tree): number {
  const depths = new Int32Array(tree.feature.length);
  let deepest = 0;
  for (let node = 0; node < depths.length; node++) {
    if (tree.feature[node] < 0) continue;
    // Children stand after their parent, so that its depth is known here.
    depths[tree.left[node]] = depths[tree.left[node] + 1] = depths[node] + 1;
    deepest = Math.max(deepest, depths[node] + 1);
  }
  return deepest;
}
