import { RandomState, deriveSeed } from '../../random/index.ts';
import type { BinnedFeatures } from './binning.ts';
import { bootstrapCounts } from './bootstrap.ts';
import { impurityMeasure, type ImpurityMeasure } from './impurity.ts';
import { classWeights, featuresPerSplit, type ForestOptions } from './options.ts';
import { RowSorter, classMask, countMask, countShift } from './sorted-rows.ts';
import type { Tree } from './tree.ts';
import { TreeBuilder } from './tree-builder.ts';

/** What all trees of a forest are grown on; can be sent to another thread. */
export interface GrowingTask {
  readonly features: BinnedFeatures;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly options: ForestOptions;
}

export interface GrownTree {
  readonly tree: Tree;
  /** The weighted decrease of impurity by each feature; sums to one, or to nought for a tree without splits. */
  readonly importances: Float64Array;
}

/** Rows `from` to `to` of the grower's row list make up the node. */
interface OpenNode {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/** The best cut found in a node. */
interface Split {
  readonly feature: number;
  readonly bin: number;
  /** Weighted decrease of impurity. */
  readonly decrease: number;
}

/** Grows the trees of a forest, one at a time; a tree depends on its number and the seed alone. */
export class TreeGrower {
  readonly #task: GrowingTask;
  readonly #rowWeights: Float64Array;
  readonly #measure: ImpurityMeasure;
  readonly #featuresPerSplit: number;
  readonly #sorter: RowSorter;
  readonly #rows: Int32Array;
  readonly #payloads: Int32Array;
  readonly #rightRows: Int32Array;
  readonly #rightPayloads: Int32Array;
  readonly #featureOrder: Int32Array;
  readonly #nodeWeights: Float64Array;

  constructor(task: GrowingTask) {
    const { features, labels, classes, options } = task;
    if (classes > classMask + 1) throw new RangeError(`${classes} classes are more than ${classMask + 1}`);
    this.#task = task;
    this.#rowWeights = classWeights(labels, classes, options.classWeight);
    this.#measure = impurityMeasure(options.criterion, this.#rowWeights, features.rows);
    this.#featuresPerSplit = featuresPerSplit(options.maxFeatures, features.dimension);
    this.#sorter = new RowSorter(features.rows);
    this.#rows = new Int32Array(features.rows);
    this.#payloads = new Int32Array(features.rows);
    this.#rightRows = new Int32Array(features.rows);
    this.#rightPayloads = new Int32Array(features.rows);
    this.#featureOrder = new Int32Array(features.dimension);
    this.#nodeWeights = new Float64Array(classes);
  }

  grow(index: number): GrownTree {
    const { features, classes, options } = this.#task;
    const random = new RandomState(deriveSeed(options.seed, 'tree', index));
    const counts = options.bootstrap ? bootstrapCounts(features.rows, options.seed, index) : undefined;
    const drawn = this.#takeRows(counts);
    this.#featureOrder.forEach((_, place, order) => (order[place] = place));

    const builder = new TreeBuilder(drawn, classes);
    const importances = new Float64Array(features.dimension);
    const open: OpenNode[] = [{ node: builder.addRoot(), from: 0, to: drawn, depth: 0 }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node, from, to, depth } = next;
      const total = this.#weigh(from, to);
      const split = this.#mayBeSplit(from, to, depth, total)
        ? this.#search(from, to, total, random)
        : undefined;
      if (split === undefined) {
        builder.makeLeaf(node, this.#nodeWeights, total);
        continue;
      }
      importances[split.feature] += split.decrease;
      const left = builder.makeSplit(node, split.feature, features.edges[split.feature][split.bin]);
      const middle = this.#partition(from, to, split);
      open.push({ node: left + 1, from: middle, to, depth: depth + 1 });
      open.push({ node: left, from, to: middle, depth: depth + 1 });
    }
    return { tree: builder.finish(), importances: normalized(importances) };
  }

  /** Lists the rows drawn at least once, with their payloads; returns their number. */
  #takeRows(counts: Uint8Array | undefined): number {
    const { labels } = this.#task;
    let drawn = 0;
    for (let row = 0; row < labels.length; row++) {
      const count = counts === undefined ? 1 : counts[row];
      if (count === 0) continue;
      this.#rows[drawn] = row;
      this.#payloads[drawn] = (count << countShift) | labels[row];
      drawn++;
    }
    return drawn;
  }

  /** Sums the rows' weights by class into `nodeWeights`; returns their total. */
  #weigh(from: number, to: number): number {
    const weights = this.#nodeWeights.fill(0);
    let total = 0;
    for (let i = from; i < to; i++) {
      const label = this.#payloads[i] & classMask;
      const weight = ((this.#payloads[i] >>> countShift) & countMask) * this.#rowWeights[label];
      weights[label] += weight;
      total += weight;
    }
    return total;
  }

  #mayBeSplit(from: number, to: number, depth: number, total: number): boolean {
    const { minSamplesSplit, minSamplesLeaf, maxDepth } = this.#task.options;
    if (to - from < Math.max(2, minSamplesSplit, 2 * minSamplesLeaf)) return false;
    if (maxDepth !== null && depth >= maxDepth) return false;
    return !this.#nodeWeights.includes(total);
  }

  /** The best cut among features drawn at random; goes on past their number only while all are constant. */
  #search(from: number, to: number, total: number, random: RandomState): Split | undefined {
    const { features, options } = this.#task;
    const { rows, dimension, bins } = features;
    const order = this.#featureOrder;
    const measure = this.#measure;
    const nodeScore = measure.score(this.#nodeWeights, total);
    let best: Split | undefined;
    let onlyConstants = true;
    for (let visited = 0; visited < dimension; visited++) {
      if (visited >= this.#featuresPerSplit && !onlyConstants) break;
      const drawn = visited + random.integer(dimension - visited);
      const feature = order[drawn];
      order[drawn] = order[visited];
      order[visited] = feature;

      if (!this.#sorter.sort(bins, feature * rows, this.#rows, from, to, this.#payloads)) continue;
      onlyConstants = false;
      if (!measure.findCut(this.#sorter.keys, to - from, this.#nodeWeights, total, options.minSamplesLeaf))
        continue;
      const decrease = measure.bestScore - nodeScore;
      if (best === undefined || decrease > best.decrease) {
        // Between bins that no row of the node is in, the middle edge is as far from both sides as can be.
        best = { feature, bin: (measure.bestLower + measure.bestUpper - 1) >> 1, decrease };
      }
    }
    return best;
  }

  /** Moves the rows that go left before the others, both in their order; returns the first that goes right. */
  #partition(from: number, to: number, { feature, bin }: Split): number {
    const { rows: count, bins } = this.#task.features;
    const rows = this.#rows;
    const payloads = this.#payloads;
    const start = feature * count;
    let left = from;
    let right = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i];
      const payload = payloads[i];
      if (bins[start + row] <= bin) {
        rows[left] = row;
        payloads[left++] = payload;
      } else {
        this.#rightRows[right] = row;
        this.#rightPayloads[right++] = payload;
      }
    }
    // By loop: making views of so few values takes longer than copying them.
    for (let i = 0; i < right; i++) {
      rows[left + i] = this.#rightRows[i];
      payloads[left + i] = this.#rightPayloads[i];
    }
    return left;
  }
}

function normalized(importances: Float64Array): Float64Array {
  const sum = importances.reduce((total, value) => total + value, 0);
  return sum > 0 ? importances.map((value) => value / sum) : importances;
}
