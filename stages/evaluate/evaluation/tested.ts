import type { Split } from '../inputs/split.ts';
import type { Prediction } from '../inputs/training.ts';

/** A recording that is tested, once however often: by several repetitions, or under several names. */
export interface TestedClip {
  readonly emotionIndex: number;
  readonly speaker: string;
}

/** What test figures are of, alike for all models of a split. */
export interface Tested {
  /** In an order that does not depend on that of any table. */
  readonly clips: readonly TestedClip[];
  /** The clip of each id. */
  readonly places: ReadonlyMap<string, number>;
  /** The independent units: the clips of each speaker. A clip whose speaker nobody knows is a unit of its own. */
  readonly units: readonly (readonly number[])[];
  /** `clip`: no unit has more than one clip, so that nothing is known of which clips belong together. */
  readonly unit: 'speaker' | 'clip';
}

/** Below this many units nothing can be said of other speakers. */
export const fewestUnits = 5;

/** `recordings`: a name of its own for each recording by id, where it is known that some ids are of one. */
export function testedClips(split: Split, recordings: ReadonlyMap<string, string>): Tested {
  const tested = split.clips.filter(({ roles }) => roles.includes('test'));
  const keyed = tested.map((clip) => ({
    ...clip,
    // The same recording with another label is another question.
    key: JSON.stringify([clip.speaker, recordings.get(clip.id) ?? clip.id, clip.emotionIndex]),
  }));
  const keys = [...new Set(keyed.map(({ key }) => key))].sort();
  const placeOf = new Map(keys.map((key, place) => [key, place]));
  const clips = new Array<TestedClip>(keys.length);
  const places = new Map<string, number>();
  const units = new Map<string, number[]>();
  for (const { key, id, emotionIndex, speaker } of keyed) {
    const place = placeOf.get(key)!;
    places.set(id, place);
    if (clips[place] !== undefined) continue;
    clips[place] = { emotionIndex, speaker };
  }
  for (const [place, { speaker }] of clips.entries()) {
    const name = speaker === '' ? `clip ${place}` : `speaker ${speaker}`;
    units.set(name, [...(units.get(name) ?? []), place]);
  }
  const all = [...units.values()];
  return { clips, places, units: all, unit: all.every((unit) => unit.length === 1) ? 'clip' : 'speaker' };
}

/** What one model says of the tested clips: of each clip the share of its answers that each emotion got. */
export interface Answers {
  /** Clips × classes, row-major; the shares of a clip sum to 1. */
  readonly shares: Float64Array;
  /** Of each clip: how often it is recognised, from 0 to 1. */
  readonly right: Float64Array;
}

/**
 * Averages what a model says of each clip: first over rows of one id and fold, which a table should hold once, then over
 * folds and names. So a clip counts once, whatever it was asked how often.
 */
export function answersOf(tested: Tested, predictions: readonly Prediction[], classes: number): Answers {
  const asked = new Map<string, { clip: number; rows: number; answers: number[] }>();
  for (const { clip, fold, predictedIndex } of predictions) {
    const key = `${fold}/${clip}`;
    const known = asked.get(key) ?? { clip: tested.places.get(clip)!, rows: 0, answers: [] };
    known.rows++;
    known.answers[predictedIndex] = (known.answers[predictedIndex] ?? 0) + 1;
    asked.set(key, known);
  }
  const times = new Float64Array(tested.clips.length);
  const shares = new Float64Array(tested.clips.length * classes);
  for (const { clip, rows, answers } of asked.values()) {
    times[clip]++;
    answers.forEach((count, answer) => (shares[clip * classes + answer] += count / rows));
  }
  for (let at = 0; at < shares.length; at++) shares[at] /= times[Math.floor(at / classes)];
  const right = Float64Array.from(
    tested.clips,
    ({ emotionIndex }, clip) => shares[clip * classes + emotionIndex],
  );
  return { shares, right };
}
