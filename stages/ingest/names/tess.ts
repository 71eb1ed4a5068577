import type { Emotion } from '../emotions.ts';
import { codesOf, unknownField, wavStem, type Naming } from './naming.ts';

/** The word may hold any sign but the underscore; one published file, OA_bite_neutral.wav, lacks the F of OAF. */
const NAME = /^(OAF?|YAF)_([^_]+)_([a-z]+)$/i;

const EMOTIONS = new Map<string, Emotion>([
  ['angry', 'angry'],
  ['disgust', 'disgust'],
  ['fear', 'fearful'],
  ['happy', 'happy'],
  ['neutral', 'neutral'],
  ['ps', 'surprised'],
  ['sad', 'sad'],
]);

/**
 * TESS's names, such as `OAF_back_angry.wav`: actress (OAF the older, YAF the younger), the word said after "Say the
 * word", emotion, where `ps` is pleasant surprise (Pichora-Fuller & Dupuis 2020, doi:10.5683/SP2/E8H2MF).
 */
export const tess: Naming = {
  title: 'TESS',
  parse(file) {
    const wav = wavStem(file);
    if ('reason' in wav) return wav;
    const match = NAME.exec(wav.stem);
    if (match === null) {
      return { reason: 'not a TESS name: expected actress, word and emotion, as in OAF_back_angry.wav' };
    }
    const speaker = match[1].toUpperCase() === 'YAF' ? 'YAF' : 'OAF';
    const statement = match[2].toLowerCase();
    const code = match[3].toLowerCase();
    const emotion = EMOTIONS.get(code);
    if (emotion === undefined) return unknownField('emotion', code, codesOf(EMOTIONS));
    return {
      recording: `${speaker}_${statement}_${code}`,
      labels: { emotion, intensity: '', statement, repetition: 0, speaker, sex: 'female' },
    };
  },
};
