import type { Drawing } from '../charts/render.ts';
import type { ClipName, Evaluation } from '../evaluation/types.ts';
import { recordingDrawing } from './drawing.ts';
import { readRecordings, type Recording, type RecordingSources, type Sound } from './read.ts';
import { waveFile } from './wave-file.ts';

/** A recording to look at and to listen to. */
export interface RecordingView {
  readonly drawing: Drawing;
  readonly players: readonly Player[];
}

export interface Player {
  /** Which sound it plays. */
  readonly label: string;
  /** A `data:` address. */
  readonly source: string;
}

export interface RecordingViews {
  /** By clip. */
  readonly examples: ReadonlyMap<string, RecordingView>;
  /** By clip. */
  readonly hardClips: ReadonlyMap<string, RecordingView>;
  /** Whether players were left out to keep the page small. */
  readonly playersLeftOut: boolean;
  /** Recordings of which there is no view, each with why. */
  readonly failed: readonly { readonly clip: string; readonly why: string }[];
}

/**
 * Draws the evaluation's examples and hard clips, with players while `budget` bytes of audio last. A recording that cannot be
 * drawn is named in the result: figures do not depend on pictures.
 */
export async function viewRecordings(
  evaluation: Evaluation,
  sources: RecordingSources,
  budget: number,
): Promise<RecordingViews> {
  const named = [...evaluation.examples, ...evaluation.hardClips];
  const recordings = await readRecordings(sources, new Set(named.map(({ clip }) => clip)));
  let left = budget;
  let playersLeftOut = false;
  const failed = new Map<string, string>();
  const player = (label: string, sound: Sound): Player[] => {
    const file = waveFile(sound).toString('base64');
    if (file.length > left) {
      playersLeftOut = true;
      return [];
    }
    left -= file.length;
    return [{ label, source: `data:audio/wav;base64,${file}` }];
  };
  const view = (recording: Recording, name: string, title: string, clip: ClipName): RecordingView => {
    const { original, processed } = recording;
    return {
      drawing: recordingDrawing(recording, { name, title, clip: clip.clip }),
      players: [
        ...(original ? player('before', original) : []),
        ...(processed ? player('after', processed) : []),
      ],
    };
  };
  const views = (
    clips: readonly ClipName[],
    nameOf: (clip: ClipName, index: number) => string,
    titleOf: (clip: ClipName) => string,
  ): Map<string, RecordingView> =>
    new Map(
      clips.flatMap((clip, index): [string, RecordingView][] => {
        const recording = recordings.get(clip.clip);
        if (!recording?.original && !recording?.processed) return [];
        try {
          return [[clip.clip, view(recording, nameOf(clip, index), titleOf(clip), clip)]];
        } catch (error) {
          failed.set(clip.clip, error instanceof Error ? error.message : String(error));
          return [];
        }
      }),
    );
  // Mistakes first: they are what a player is missed most for.
  const hard = views(
    evaluation.hardClips,
    (_, index) => `mistake-${index + 1}`,
    ({ emotion, speaker }) => `${emotion}, speaker ${speaker}`,
  );
  const examples = views(
    evaluation.examples,
    ({ emotion }) => `example-${evaluation.emotions.indexOf(emotion) + 1}`,
    ({ emotion, speaker }) => `${emotion}, speaker ${speaker}`,
  );
  return {
    examples,
    hardClips: hard,
    playersLeftOut,
    failed: [...failed].map(([clip, why]) => ({ clip, why })),
  };
}
