/** RAVDESS's emotions in the order of the file names, `01` first. */
export const EMOTIONS = [
  'neutral',
  'calm',
  'happy',
  'sad',
  'angry',
  'fearful',
  'disgust',
  'surprised',
] as const;

export type Emotion = (typeof EMOTIONS)[number];

/** What the name of a RAVDESS speech recording says. */
export interface RavdessLabels {
  readonly emotion: Emotion;
  /** Its place in `EMOTIONS`. */
  readonly emotionIndex: number;
  readonly intensity: 'normal' | 'strong';
  readonly statement: 'kids' | 'dogs';
  readonly repetition: number;
  /** `01` to `24`. */
  readonly speaker: string;
  readonly sex: 'male' | 'female';
}

export type ParsedName = { readonly labels: RavdessLabels } | { readonly reason: string };

const NAME = /^(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)\.wav$/i;
const MODALITIES = ['audio-video', 'video only', 'audio only'];
const CHANNELS = ['speech', 'song'];
const INTENSITIES = ['normal', 'strong'] as const;
const STATEMENTS = ['kids', 'dogs'] as const;
const REPETITIONS = [1, 2];
const ACTORS = Array.from({ length: 24 }, (_, index) => index + 1);

/**
 * Reads the seven two-digit fields of a RAVDESS file name, such as `03-01-06-01-02-01-12.wav`: modality, vocal
 * channel, emotion, intensity, statement, repetition, actor (Livingstone & Russo 2018, doi:10.1371/journal.pone.0196391).
 *
 * @param name the file's name without its folders.
 * @returns the labels, or why the file is no speech recording of the corpus.
 */
export function parseRavdessName(name: string): ParsedName {
  const match = NAME.exec(name);
  if (match === null) return { reason: unparsable(name) };
  const codes = match.slice(1).map(Number);
  const [modalityCode, channelCode, emotionCode, intensityCode, statementCode, repetitionCode, actorCode] =
    codes;
  const modality = MODALITIES[modalityCode - 1] as string | undefined;
  const channel = CHANNELS[channelCode - 1] as string | undefined;
  const emotion = EMOTIONS[emotionCode - 1] as Emotion | undefined;
  const intensity = INTENSITIES[intensityCode - 1] as RavdessLabels['intensity'] | undefined;
  const statement = STATEMENTS[statementCode - 1] as RavdessLabels['statement'] | undefined;

  if (modality === undefined) return unknown('modality', match[1], '01 to 03');
  if (modality !== 'audio only')
    return { reason: `modality ${match[1]} is ${modality}, not audio only (03)` };
  if (channel === undefined) return unknown('vocal channel', match[2], '01 or 02');
  if (channel !== 'speech') return { reason: `vocal channel ${match[2]} is ${channel}, not speech (01)` };
  if (emotion === undefined) return unknown('emotion', match[3], '01 to 08');
  if (intensity === undefined) return unknown('intensity', match[4], '01 or 02');
  if (statement === undefined) return unknown('statement', match[5], '01 or 02');
  if (!REPETITIONS.includes(repetitionCode)) return unknown('repetition', match[6], '01 or 02');
  if (!ACTORS.includes(actorCode)) return unknown('actor', match[7], '01 to 24');
  if (emotion === 'neutral' && intensity === 'strong') {
    return { reason: 'intensity 02 with emotion 01: there is no strong neutral' };
  }
  return {
    labels: {
      emotion,
      emotionIndex: emotionCode - 1,
      intensity,
      statement,
      repetition: repetitionCode,
      speaker: match[7],
      sex: actorCode % 2 === 1 ? 'male' : 'female',
    },
  };
}

function unknown(field: string, code: string, expected: string): ParsedName {
  return { reason: `unknown ${field} ${code}: expected ${expected}` };
}

function unparsable(name: string): string {
  if (name.startsWith('.')) return 'a hidden file';
  if (!name.toLowerCase().endsWith('.wav')) return 'not a .wav file';
  return 'not a RAVDESS name: expected seven two-digit fields, as in 03-01-06-01-02-01-12.wav';
}
