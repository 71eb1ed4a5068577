import { z } from 'zod';
import { StageFailure, type InputArtifact } from '../../../runner/kind/index.ts';

/**
 * Gives rows × emotions probabilities for rows × dimension features, both row-major. Of sequences of unequal length,
 * `features` holds all steps and row `i` spans steps `offsets[i]` to `offsets[i + 1]`. A row's probabilities have the
 * same bits whatever other rows come with it, unless the model normalises by speaker.
 */
export type Classifier = (features: Float32Array, offsets?: Int32Array) => Float64Array;

/** Loads the classifier of one fold of a trained stage, with its scaler and all that surrounds it. */
export type LoadClassifier = (artifact: InputArtifact, fold: number) => Promise<Classifier>;

const summarySchema = z.object({
  model: z.string(),
  features: z.string(),
  emotions: z.array(z.string()).min(2),
  hyperparameters: z.record(z.string(), z.unknown()),
  parameters: z.object({ total: z.number() }),
  folds: z.array(z.object({ fold: z.int(), epochs: z.int(), bestEpoch: z.int().nullable() })).min(1),
  notes: z.array(z.string()),
});
export type TrainedSummary = z.infer<typeof summarySchema>;

/** Reads what prediction needs of `summary.json`. Throws StageFailure where the artifact is no trained model. */
export async function readSummary(model: InputArtifact): Promise<TrainedSummary> {
  if (!model.files.includes('summary.json')) {
    throw new StageFailure('it holds no summary.json, so it is no trained model', {
      place: model.stage,
      hint: 'name a stage whose kind trains, such as train/cnn',
    });
  }
  return summarySchema.parse(await model.json('summary.json'));
}

/** The mean of the folds' distributions, rows × emotions. `folds`: each rows × emotions. */
export function meanOverFolds(folds: readonly Float64Array[]): Float64Array {
  return folds[0].map(
    (_, at) => folds.reduce((sum, probabilities) => sum + probabilities[at], 0) / folds.length,
  );
}
