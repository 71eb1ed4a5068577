import {
  fitForest,
  growOnThreads,
  outOfBag,
  predictProbabilities,
  saveForest,
  type ForestOptions,
} from '../forest/index.ts';
import type { Engine } from './engine.ts';

/** The forest of this package (`stages/train/forest`). */
export const histogram: Engine = async (rows, params, seed, threads) => {
  const options: ForestOptions = {
    ...params,
    classWeight: params.classWeights === 'balanced' ? 'balanced' : null,
    seed,
  };
  const forest = await fitForest(rows, options, growOnThreads(threads));
  return {
    classify: (features) => predictProbabilities(forest, features),
    nodes: forest.trees.reduce((sum, tree) => sum + tree.feature.length, 0),
    outOfBagAccuracy: params.bootstrap ? outOfBag(forest, rows, options).accuracy : null,
    save: (output, folder) => saveForest(forest, output, `${folder}/forest`),
  };
};
