import type { Prediction, Training } from './training.ts';
import type { Split } from './split.ts';

/** Emotions without which nothing is lost, with how many clips there are of each. */
export interface UnusedEmotion {
  readonly emotion: string;
  readonly clips: number;
}

/**
 * Leaves out the emotions that play no part: every clip of them is unused in every fold, and no model names them. Such
 * are the emotions that only one of two corpora has, where models are trained on one and tested on the other. In tables
 * they would be rows of nothing.
 */
export function withoutUnused(
  split: Split,
  trainings: readonly Training[],
): { split: Split; trainings: readonly Training[]; unused: readonly UnusedEmotion[] } {
  const used = new Set<number>();
  for (const { emotionIndex, roles } of split.clips) {
    if (roles.some((role) => role !== 'unused')) used.add(emotionIndex);
  }
  for (const { train, validation, test } of trainings) {
    for (const { predictedIndex } of [...train, ...validation, ...test]) used.add(predictedIndex);
  }
  const kept = split.emotions.map((_, index) => index).filter((index) => used.has(index));
  if (kept.length === split.emotions.length) return { split, trainings, unused: [] };
  const place = new Map(kept.map((index, at) => [index, at]));
  const moved = (prediction: Prediction): Prediction => ({
    ...prediction,
    emotionIndex: place.get(prediction.emotionIndex)!,
    predictedIndex: place.get(prediction.predictedIndex)!,
    probabilities: Float32Array.from(kept, (index) => prediction.probabilities[index]),
  });
  const unused = split.emotions.flatMap((emotion, index): UnusedEmotion[] =>
    used.has(index)
      ? []
      : [{ emotion, clips: split.clips.filter((clip) => clip.emotionIndex === index).length }],
  );
  return {
    split: {
      ...split,
      emotions: kept.map((index) => split.emotions[index]),
      clips: split.clips.flatMap((clip) => {
        const emotionIndex = place.get(clip.emotionIndex);
        return emotionIndex === undefined ? [] : [{ ...clip, emotionIndex }];
      }),
    },
    trainings: trainings.map((training) => ({
      ...training,
      train: training.train.map(moved),
      validation: training.validation.map(moved),
      test: training.test.map(moved),
    })),
    unused,
  };
}
