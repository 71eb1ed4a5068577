/** RAVDESS's emotions in the order of its file names, `01` first. */
export const RAVDESS_EMOTIONS = [
  'neutral',
  'calm',
  'happy',
  'sad',
  'angry',
  'fearful',
  'disgust',
  'surprised',
] as const;

/** The emotions whose order is fixed: RAVDESS's, then what other corpora have besides. */
export const EMOTIONS = [...RAVDESS_EMOTIONS, 'boredom'] as const;

export type Emotion = (typeof EMOTIONS)[number];

/** Other words for the same emotions: the noun for the adjective, and what published corpora call them. */
const SYNONYMS = new Map<string, Emotion>([
  ['neutrality', 'neutral'],
  ['calmness', 'calm'],
  ['happiness', 'happy'],
  ['joy', 'happy'],
  ['sadness', 'sad'],
  ['anger', 'angry'],
  ['fear', 'fearful'],
  ['afraid', 'fearful'],
  ['disgusted', 'disgust'],
  ['surprise', 'surprised'],
  ['bored', 'boredom'],
]);

/**
 * A label without what nobody sees: composed as Unicode's NFC has it, no characters of no width, one space where there
 * are several or another kind of them, and none around it.
 */
export function cleanLabel(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** The one name of an emotion, so that corpora agree: in lower case, RAVDESS's word where that means the same. */
export function emotionNamed(word: string): string {
  const name = cleanLabel(word).normalize('NFKC').toLowerCase();
  return SYNONYMS.get(name) ?? name;
}

/**
 * What emotions are sorted by: their place in `EMOTIONS`. All others share the number behind the last, so that a
 * row's number does not depend on which other emotions a corpus has; among themselves they go by name.
 */
export function emotionIndexOf(emotion: string): number {
  const index = (EMOTIONS as readonly string[]).indexOf(emotion);
  return index === -1 ? EMOTIONS.length : index;
}
