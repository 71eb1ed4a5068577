import { StageFailure } from '../../../runner/kind/index.ts';
import { featuresPerSplit } from '../forest/options.ts';
import type { Classifier } from '../prediction/fold-models.ts';
import type { Engine } from './engine.ts';
import { randomForestParams, type RandomForestParams } from './params.ts';

/** What is used of the npm package; its own types do not compile. */
interface MlRandomForest {
  train(rows: number[][], labels: number[]): void;
  /** Rows × trees: the class that each tree votes for. */
  predictionValues(rows: number[][]): { get(row: number, tree: number): number };
}

interface SavedTrees {
  readonly baseModel: { readonly estimators: readonly { readonly root: MlNode }[] };
}

interface MlRandomForestClass {
  new (options: object): MlRandomForest;
  load(model: unknown): MlRandomForest;
}

interface MlNode {
  readonly left?: MlNode;
  readonly right?: MlNode;
}

/** What `ml-random-forest.json` of a fold holds. */
export interface SavedMlForest {
  readonly classes: number;
  readonly dimension: number;
  readonly trees: number;
  readonly model: unknown;
}

const unsupported = ['criterion', 'minSamplesSplit', 'minSamplesLeaf', 'classWeights'] as const;

/** The npm package ml-random-forest, which draws the features once a tree rather than once a split. */
export const mlRandomForest: Engine = async (rows, params, seed) => {
  checkParams(params);
  const { features, dimension, labels, classes } = rows;
  const RandomForestClassifier = await loadPackage();
  const forest = new RandomForestClassifier({
    nEstimators: params.trees,
    // The package wants a count or a proper fraction, and takes 1 for one feature.
    maxFeatures: featuresPerSplit(params.maxFeatures, dimension),
    replacement: false,
    useSampleBagging: params.bootstrap,
    noOOB: true,
    seed: seed >>> 1,
    // The package's own limit is infinite, which JSON cannot hold; no tree is deeper than it has rows.
    treeOptions: { gainFunction: 'gini', maxDepth: params.maxDepth ?? labels.length },
  });
  forest.train(rowsOf(features, dimension), Array.from(labels));
  // Written out, so that matrices inside become what `load` reads.
  const model = JSON.parse(JSON.stringify(forest)) as SavedTrees;
  const { trees } = params;
  return {
    classify: classifierOf(forest, { classes, dimension, trees }),
    nodes: model.baseModel.estimators.reduce((sum, { root }) => sum + countNodes(root), 0),
    outOfBagAccuracy: null,
    save: (output, folder) =>
      output.json(`${folder}/ml-random-forest.json`, {
        classes,
        dimension,
        trees,
        model,
      } satisfies SavedMlForest),
  };
};

export async function loadMlRandomForest(saved: SavedMlForest): Promise<Classifier> {
  const RandomForestClassifier = await loadPackage();
  return classifierOf(RandomForestClassifier.load(saved.model), saved);
}

function classifierOf(
  forest: MlRandomForest,
  { classes, dimension, trees }: Omit<SavedMlForest, 'model'>,
): Classifier {
  return (features) => {
    const rows = rowsOf(features, dimension);
    const probabilities = new Float64Array(rows.length * classes);
    if (rows.length === 0) return probabilities;
    // Counted here: the package's own `predictProbability` adds the first tree's class number to the sum.
    const votes = forest.predictionValues(rows);
    rows.forEach((_, row) => {
      for (let tree = 0; tree < trees; tree++)
        probabilities[row * classes + votes.get(row, tree)] += 1 / trees;
    });
    return probabilities;
  };
}

function checkParams(params: RandomForestParams): void {
  const defaults = randomForestParams.parse({});
  const changed = unsupported.filter((name) => params[name] !== defaults[name]);
  if (changed.length === 0) return;
  throw new StageFailure(`the engine ml-random-forest does not know ${changed.join(', ')}`, {
    place: changed[0],
    hint: 'leave them at their defaults, or use `engine: histogram`',
  });
}

function rowsOf(features: Float32Array, dimension: number): number[][] {
  return Array.from({ length: features.length / dimension }, (_, row) =>
    Array.from(features.subarray(row * dimension, (row + 1) * dimension)),
  );
}

function countNodes(node: MlNode): number {
  return (
    1 +
    (node.left === undefined ? 0 : countNodes(node.left)) +
    (node.right === undefined ? 0 : countNodes(node.right))
  );
}

/** Only where it is used: loading it takes as long as growing some trees. */
async function loadPackage(): Promise<MlRandomForestClass> {
  const { RandomForestClassifier } = (await import('ml-random-forest')) as unknown as {
    RandomForestClassifier: MlRandomForestClass;
  };
  return RandomForestClassifier;
}
