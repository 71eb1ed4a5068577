import { StageFailure, type InputArtifact } from '../../../runner/kind/index.ts';
import { readSplitDescription, type SplitDescription } from '../../train/dataset.ts';

export type Role = 'train' | 'validation' | 'test' | 'unused';

/** One clip and the part that it plays in each fold. */
export interface SplitClip {
  readonly id: string;
  /** Its place in the split's `emotions`. */
  readonly emotionIndex: number;
  readonly speaker: string;
  readonly roles: readonly Role[];
}

export interface Split extends SplitDescription {
  /** The instance that made it. */
  readonly stage: string;
  readonly clips: readonly SplitClip[];
}

/** Reads the artifact of a split stage. Throws StageFailure where it is none. */
export async function readSplit(artifact: InputArtifact): Promise<Split> {
  const description = await readSplitDescription(artifact);
  const table = await artifact.table();
  const emotions = table.text('emotion');
  const speakers = table.text('speaker');
  const roles = Array.from({ length: description.folds }, (_, fold) => table.text(`fold${fold}`));
  const clips = table.ids.map((id, row): SplitClip => {
    const emotionIndex = description.emotions.indexOf(emotions[row]);
    if (emotionIndex === -1) {
      throw new StageFailure(`the emotion ${emotions[row]} is not one that split.json lists`, {
        place: `${artifact.stage}, row ${id}`,
        hint: `it lists ${description.emotions.join(', ')}`,
      });
    }
    return {
      id,
      emotionIndex,
      speaker: speakers[row],
      roles: roles.map((fold) => roleOf(fold[row], artifact.stage)),
    };
  });
  if (!clips.some((clip) => clip.roles.includes('test'))) {
    throw new StageFailure('no clip is in a test part, so there is nothing to evaluate on', {
      place: artifact.stage,
      hint: 'give the split a test part',
    });
  }
  return { ...description, stage: artifact.stage, clips };
}

function roleOf(text: string, stage: string): Role {
  if (text === 'train' || text === 'validation' || text === 'test' || text === 'unused') return text;
  throw new StageFailure(`${text} is no part of a split`, {
    place: stage,
    hint: 'a fold column holds train, validation, test or unused',
  });
}
