import { z } from 'zod';
import type { InputArtifact } from '../../runner/kind/index.ts';
import type { Fold, LabelledFolds } from './dataset.ts';

/** A clip of the split that has no features, since a stage on the way left it out, and why. */
export const leftOutClip = z.object({ name: z.string(), reason: z.string() });
export type LeftOutClip = z.infer<typeof leftOutClip>;

/** What the stages from the recordings to this table have left out by name (`rowErrors: skip`). */
export async function readSkipped(features: InputArtifact): Promise<LeftOutClip[]> {
  if (!features.files.includes('skipped.json')) return [];
  return z.array(leftOutClip).parse(await features.json('skipped.json'));
}

/** The clips that a trained stage did without, by name: as its `summary.json` lists them. */
export async function readLeftOut(model: InputArtifact): Promise<ReadonlySet<string>> {
  const summary = z.object({ leftOut: z.array(leftOutClip).optional() });
  const { leftOut = [] } = summary.parse(await model.json('summary.json'));
  return new Set(leftOut.map(({ name }) => name));
}

/** A split as if it did not have some of its clips: every part of every fold is without them. */
export function withoutClips(split: LabelledFolds, names: ReadonlySet<string>): LabelledFolds {
  if (names.size === 0) return split;
  const kept = Int32Array.from(split.ids.keys()).filter((row) => !names.has(split.ids[row]));
  const placeOf = new Map(Array.from(kept, (row, place) => [row, place]));
  const moved = (rows: Int32Array): Int32Array =>
    rows.filter((row) => placeOf.has(row)).map((row) => placeOf.get(row)!);
  return {
    ...split,
    ids: Array.from(kept, (row) => split.ids[row]),
    clips: kept.length,
    labels: kept.map((row) => split.labels[row]),
    speakers: Array.from(kept, (row) => split.speakers[row]),
    folds: split.folds.map((fold): Fold => {
      const test = moved(fold.test);
      const validation = fold.validation === fold.test ? test : moved(fold.validation);
      return { ...fold, train: moved(fold.train), validation, test };
    }),
  };
}
