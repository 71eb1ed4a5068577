import { z } from 'zod';
import { StageFailure, type InputArtifact } from '../../../runner/kind/index.ts';
import type { Dataset, Fold, Part } from '../dataset.ts';
import { parts } from '../dataset.ts';
import { leftOutClip, type LeftOutClip } from '../left-out.ts';

/** A trained model and what it predicted. */
export interface Member {
  /** The instance that trained it, e.g. `train[cnn,mfcc]`. */
  readonly stage: string;
  readonly model: string;
  readonly features: string;
  readonly parameters: number;
  readonly notes: readonly string[];
  /** Clips of the split that it did without. */
  readonly leftOut: readonly LeftOutClip[];
  /** Probabilities of the rows of one part of a fold: rows × emotions, row-major, in the order of the fold's rows. */
  probabilities(fold: Fold, part: Part): Float64Array;
}

const summarySchema = z.object({
  model: z.string(),
  features: z.string(),
  emotions: z.array(z.string()),
  parameters: z.object({ total: z.number() }),
  notes: z.array(z.string()),
  leftOut: z.array(leftOutClip).default([]),
});

/**
 * Reads a member. Throws StageFailure where it is no trained model, and where it was not trained on this split:
 * every clip of every part of every fold must be there but those that its summary says it did without, and no others.
 */
export async function readMember(
  artifact: InputArtifact,
  split: Pick<Dataset, 'ids' | 'folds' | 'emotions'>,
  splitName: string,
): Promise<Member> {
  const { model, features, emotions, parameters, notes, leftOut } = await readSummary(artifact);
  const without = new Set(leftOut.map(({ name }) => name));
  const table = await artifact.table('predictions');
  const rowOf = new Map(table.ids.map((id, row) => [id, row]));
  const { data } = table.tensor('probabilities');
  const classes = split.emotions.length;
  const otherSplit = (difference: string): StageFailure =>
    new StageFailure(`it was trained on another split than ${splitName}: ${difference}`, {
      place: artifact.stage,
      hint: 'let all models of an ensemble have the split that the ensemble has',
    });
  if (emotions.join('\n') !== split.emotions.join('\n')) {
    throw otherSplit(`it knows the emotions ${emotions.join(', ')}`);
  }
  const expected = split.folds.flatMap((fold) =>
    parts.flatMap((part) =>
      Array.from(fold[part], (row) => split.ids[row])
        .filter((id) => !without.has(id))
        .map((id) => `${fold.index}/${part}/${id}`),
    ),
  );
  const missing = expected.find((id) => !rowOf.has(id));
  if (missing !== undefined) throw otherSplit(`it has no prediction ${missing} (fold/part/clip)`);
  if (table.count !== expected.length) {
    throw otherSplit(`it has ${table.count} predictions where ${expected.length} belong`);
  }
  return {
    ...{ stage: artifact.stage, model, features, parameters: parameters.total, notes, leftOut },
    probabilities(fold, part) {
      const gathered = new Float64Array(fold[part].length * classes);
      for (const [position, row] of fold[part].entries()) {
        const stored = rowOf.get(`${fold.index}/${part}/${split.ids[row]}`)!;
        gathered.set(data.subarray(stored * classes, (stored + 1) * classes), position * classes);
      }
      return gathered;
    },
  };
}

async function readSummary(artifact: InputArtifact): Promise<z.infer<typeof summarySchema>> {
  if (!artifact.files.includes('summary.json') || !artifact.files.includes('predictions.arrow')) {
    throw new StageFailure('it is no trained model: summary.json or predictions.arrow is missing', {
      place: artifact.stage,
      hint: 'let the input `models` name stages whose kind trains, e.g. train[*]',
    });
  }
  return summarySchema.parse(await artifact.json('summary.json'));
}
