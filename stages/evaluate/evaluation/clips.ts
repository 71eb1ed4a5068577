import type { Split } from '../inputs/split.ts';
import type { Training } from '../inputs/training.ts';
import type { ClipName, DurationFigures, HardClip, ModelEvaluation } from './types.ts';

/**
 * The clips of the most confident mistakes, each once however many models fell for it: as many as one model's list
 * holds.
 */
export function hardClips(
  models: readonly ModelEvaluation[],
  trainings: readonly Training[],
  emotions: readonly string[],
  wanted: number,
): HardClip[] {
  const mistakes = models.flatMap((model) => model.mistakes).toSorted((a, b) => b.confidence - a.confidence);
  const first = new Map(mistakes.toReversed().map((mistake) => [mistake.clip, mistake]));
  const ranked = [...first.values()].toSorted(
    (a, b) => b.confidence - a.confidence || (a.clip < b.clip ? -1 : 1),
  );
  return ranked.slice(0, wanted).map(({ clip, speaker, emotion }) => ({
    clip,
    speaker,
    emotion,
    answers: trainings.flatMap(({ test }, index) => {
      const prediction = test.find((each) => each.clip === clip);
      if (!prediction) return [];
      return [
        {
          model: models[index].label,
          predicted: emotions[prediction.predictedIndex],
          probabilities: [...prediction.probabilities],
        },
      ];
    }),
  }));
}

/** Of each emotion the clip whose duration is the median, or the middle one by name where no duration is known. */
export function examplesOf(split: Split, durations: ReadonlyMap<string, number> | null): ClipName[] {
  return split.emotions.flatMap((emotion, index): ClipName[] => {
    const clips = split.clips
      .filter((clip) => clip.emotionIndex === index)
      .toSorted(
        (a, b) => (durations?.get(a.id) ?? 0) - (durations?.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1),
      );
    if (clips.length === 0) return [];
    const { id, speaker } = clips[Math.floor((clips.length - 1) / 2)];
    return [{ clip: id, speaker, emotion }];
  });
}

/** Durations of the split's clips. */
export function durationFigures(
  split: Split,
  durations: ReadonlyMap<string, number> | null,
): DurationFigures | null {
  if (!durations) return null;
  const known = split.clips.flatMap(({ id, emotionIndex }) => {
    const duration = durations.get(id);
    return duration === undefined ? [] : [{ duration, emotionIndex }];
  });
  const sumOf = (items: readonly { duration: number }[]): number =>
    items.reduce((sum, { duration }) => sum + duration, 0);
  return {
    all: known.map(({ duration }) => duration),
    total: sumOf(known),
    meanByEmotion: split.emotions.map((_, index) => {
      const own = known.filter(({ emotionIndex }) => emotionIndex === index);
      return own.length === 0 ? 0 : sumOf(own) / own.length;
    }),
  };
}
