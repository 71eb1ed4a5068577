import type { Clip, Corpus } from '../../../../stages/train/split/clips.ts';

const emotions = ['neutral', 'calm', 'happy', 'sad', 'angry', 'fearful', 'disgust', 'surprised'];

/** The clips of RAVDESS by their names alone: 60 a speaker, 4 of them neutral. */
export function ravdess(speakers: number): Corpus {
  const clips: Clip[] = [];
  for (let speaker = 1; speaker <= speakers; speaker++) {
    const actor = String(speaker).padStart(2, '0');
    for (const [index, emotion] of emotions.entries()) {
      for (const intensity of emotion === 'neutral' ? [1] : [1, 2]) {
        for (const statement of [1, 2]) {
          for (const repetition of [1, 2]) {
            const id = `Actor_${actor}/03-01-0${index + 1}-0${intensity}-0${statement}-0${repetition}-${actor}.wav`;
            clips.push({
              id,
              emotion,
              speaker: actor,
              corpus: 'ravdess',
              sex: speaker % 2 === 1 ? 'male' : 'female',
              statement: statement === 1 ? 'kids' : 'dogs',
              audioDigest: `digest of ${id}`,
            });
          }
        }
      }
    }
  }
  return { clips: clips.sort((a, b) => (a.id < b.id ? -1 : 1)), emotions };
}
