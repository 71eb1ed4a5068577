import type { Tree } from './tree.ts';

/** Collects the nodes of a tree while it grows. */
export class TreeBuilder {
  readonly #classes: number;
  readonly #feature: Int32Array;
  readonly #threshold: Float32Array;
  readonly #left: Int32Array;
  readonly #distributions: Float32Array;
  #nodes = 0;
  #leaves = 0;

  /** `rows`: of the root; a tree has at most as many leaves, and one split less. */
  constructor(rows: number, classes: number) {
    this.#classes = classes;
    this.#feature = new Int32Array(2 * rows);
    this.#threshold = new Float32Array(2 * rows);
    this.#left = new Int32Array(2 * rows);
    this.#distributions = new Float32Array(rows * classes);
  }

  addRoot(): number {
    return this.#nodes++;
  }

  /** Returns the left child; the right one is the next. */
  makeSplit(node: number, feature: number, threshold: number): number {
    this.#feature[node] = feature;
    this.#threshold[node] = threshold;
    this.#left[node] = this.#nodes;
    this.#nodes += 2;
    return this.#left[node];
  }

  makeLeaf(node: number, weights: Float64Array, total: number): void {
    this.#feature[node] = -1;
    this.#left[node] = this.#leaves;
    const start = this.#leaves * this.#classes;
    for (let index = 0; index < weights.length; index++) {
      this.#distributions[start + index] = weights[index] / total;
    }
    this.#leaves++;
  }

  finish(): Tree {
    return {
      feature: this.#feature.slice(0, this.#nodes),
      threshold: this.#threshold.slice(0, this.#nodes),
      left: this.#left.slice(0, this.#nodes),
      distributions: this.#distributions.slice(0, this.#leaves * this.#classes),
    };
  }
}
