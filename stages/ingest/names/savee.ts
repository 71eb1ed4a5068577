import path from 'node:path';
import type { Emotion } from '../emotions.ts';
import { codesOf, unknownField, wavStem, type Naming } from './naming.ts';

const NAME = /^(?:([A-Z]{2})_)?([a-z]{1,2})(\d\d)$/i;
const SPEAKERS = ['DC', 'JE', 'JK', 'KL'];

const EMOTIONS = new Map<string, Emotion>([
  ['a', 'angry'],
  ['d', 'disgust'],
  ['f', 'fearful'],
  ['h', 'happy'],
  ['n', 'neutral'],
  ['sa', 'sad'],
  ['su', 'surprised'],
]);

/**
 * SAVEE's names: the speaker's folder, the emotion and the number of the sentence, as in `DC/a01.wav`, or with the
 * speaker before it, `DC_a01.wav` (Info.txt of the corpus; Haq & Jackson 2010). The numbers count the sentences of
 * one emotion, most of which differ from those of another: they do not tell which statement is said.
 */
export const savee: Naming = {
  title: 'SAVEE',
  parse(file) {
    const wav = wavStem(file);
    if ('reason' in wav) return wav;
    const match = NAME.exec(wav.stem);
    if (match === null) {
      return {
        reason: 'not a SAVEE name: expected emotion and number in the folder of a speaker, as in DC/a01.wav',
      };
    }
    const prefix = match[1] as string | undefined;
    const speaker = (prefix ?? path.posix.basename(path.posix.dirname(file))).toUpperCase();
    const code = match[2].toLowerCase();
    const emotion = EMOTIONS.get(code);
    if (!SPEAKERS.includes(speaker)) return unknownField('speaker', speaker, SPEAKERS.join(', '));
    if (emotion === undefined) return unknownField('emotion', code, codesOf(EMOTIONS));
    return {
      recording: `${speaker}_${code}${match[3]}`,
      labels: { emotion, intensity: '', statement: '', repetition: 0, speaker, sex: 'male' },
    };
  },
};
