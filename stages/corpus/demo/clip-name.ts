import { RAVDESS_EMOTIONS } from '../../ingest/emotions.ts';

export type Emotion = (typeof RAVDESS_EMOTIONS)[number];

/** What a RAVDESS file name says of a clip of audio-only speech. */
export interface ClipLabel {
  readonly emotion: Emotion;
  readonly intensity: 'normal' | 'strong';
  readonly statement: 'kids' | 'dogs';
  readonly repetition: 1 | 2;
  /** From 1; odd numbers are male, even ones female. */
  readonly actor: number;
}

/** A clip's file name, such as `03-01-06-01-02-01-12.wav`. */
export function clipName(label: ClipLabel): string {
  const fields = [
    3,
    1,
    RAVDESS_EMOTIONS.indexOf(label.emotion) + 1,
    label.intensity === 'strong' ? 2 : 1,
    label.statement === 'dogs' ? 2 : 1,
    label.repetition,
    label.actor,
  ];
  return `${fields.map((field) => String(field).padStart(2, '0')).join('-')}.wav`;
}

/** Intensity, statement and repetition, in such an order that the first four hold each value twice. */
const TAKES: readonly Pick<ClipLabel, 'intensity' | 'statement' | 'repetition'>[] = [
  { intensity: 'normal', statement: 'kids', repetition: 1 },
  { intensity: 'strong', statement: 'dogs', repetition: 1 },
  { intensity: 'normal', statement: 'dogs', repetition: 2 },
  { intensity: 'strong', statement: 'kids', repetition: 2 },
  { intensity: 'normal', statement: 'dogs', repetition: 1 },
  { intensity: 'strong', statement: 'kids', repetition: 1 },
  { intensity: 'normal', statement: 'kids', repetition: 2 },
  { intensity: 'strong', statement: 'dogs', repetition: 2 },
];

/**
 * The labels of a corpus, by speaker, emotion and take. An emotion gets `clipsPerEmotion` clips of each
 * speaker; `neutral`, which has no strong intensity, at most four.
 */
export function corpusLabels(speakers: number, clipsPerEmotion: number): ClipLabel[] {
  const labels: ClipLabel[] = [];
  for (let actor = 1; actor <= speakers; actor += 1) {
    for (const emotion of RAVDESS_EMOTIONS) {
      const takes = emotion === 'neutral' ? TAKES.filter((take) => take.intensity === 'normal') : TAKES;
      for (const take of takes.slice(0, clipsPerEmotion)) labels.push({ emotion, actor, ...take });
    }
  }
  return labels;
}
