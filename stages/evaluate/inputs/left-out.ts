import type { LeftOutClip } from '../../train/left-out.ts';
import type { Split } from './split.ts';
import type { Training } from './training.ts';

/**
 * Leaves out of every model's figures the clips that any model did without, such as silent recordings: all are judged
 * on the same clips.
 */
export function withoutLeftOut(
  split: Split,
  trainings: readonly Training[],
): { split: Split; trainings: readonly Training[]; leftOut: readonly LeftOutClip[] } {
  const leftOut = new Map(
    trainings.flatMap(({ summary }) => (summary.leftOut ?? []).map((clip) => [clip.name, clip])),
  );
  if (leftOut.size === 0) return { split, trainings, leftOut: [] };
  return {
    split: { ...split, clips: split.clips.filter(({ id }) => !leftOut.has(id)) },
    trainings: trainings.map((training) => ({
      ...training,
      train: training.train.filter(({ clip }) => !leftOut.has(clip)),
      validation: training.validation.filter(({ clip }) => !leftOut.has(clip)),
      test: training.test.filter(({ clip }) => !leftOut.has(clip)),
    })),
    leftOut: [...leftOut.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
