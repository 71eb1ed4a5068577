import type { InputArtifact } from '../../../runner/kind/index.ts';
import { loadForest, predictProbabilities } from '../forest/index.ts';
import type { Classifier } from '../prediction/fold-models.ts';
import type { SavedMlForest } from './ml-random-forest.ts';

/** The forest of one fold of a trained stage, whichever engine fitted it. Throws StageFailure where there is none. */
export async function loadClassifier(artifact: InputArtifact, fold: number): Promise<Classifier> {
  const folder = `models/fold${fold}`;
  const saved = `${folder}/ml-random-forest.json`;
  if (artifact.files.includes(saved)) {
    const { loadMlRandomForest } = await import('./ml-random-forest.ts');
    return loadMlRandomForest((await artifact.json(saved)) as SavedMlForest);
  }
  const forest = await loadForest(artifact, `${folder}/forest`);
  return (features) => predictProbabilities(forest, features);
}
