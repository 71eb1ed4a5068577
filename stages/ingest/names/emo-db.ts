import type { Emotion } from '../emotions.ts';
import { codesOf, unknownField, wavStem, type Naming } from './naming.ts';

const NAME = /^(\d\d)([ab]\d\d)([A-Z])([a-z])?$/i;

const SEXES = new Map<string, 'male' | 'female'>([
  ['03', 'male'],
  ['08', 'female'],
  ['09', 'female'],
  ['10', 'male'],
  ['11', 'male'],
  ['12', 'male'],
  ['13', 'female'],
  ['14', 'female'],
  ['15', 'male'],
  ['16', 'female'],
]);

const TEXTS = ['a01', 'a02', 'a04', 'a05', 'a07', 'b01', 'b02', 'b03', 'b09', 'b10'];

/** The initials of Ärger (Wut), Langeweile, Ekel, Angst, Freude, Trauer, and N for neutral. */
const EMOTIONS = new Map<string, Emotion>([
  ['W', 'angry'],
  ['L', 'boredom'],
  ['E', 'disgust'],
  ['A', 'fearful'],
  ['F', 'happy'],
  ['T', 'sad'],
  ['N', 'neutral'],
]);

/**
 * EMO-DB's names, such as `03a01Fa.wav`: speaker, text, emotion, version (http://emodb.bilderbar.info/docu/; Burkhardt
 * et al. 2005, "A Database of German Emotional Speech").
 */
export const emoDb: Naming = {
  title: 'EMO-DB',
  parse(file) {
    const wav = wavStem(file);
    if ('reason' in wav) return wav;
    const match = NAME.exec(wav.stem);
    if (match === null) {
      return {
        reason: 'not an EMO-DB name: expected speaker, text, emotion and version, as in 03a01Fa.wav',
      };
    }
    const speaker = match[1];
    const statement = match[2].toLowerCase();
    const code = match[3].toUpperCase();
    const version = (match[4] as string | undefined)?.toLowerCase() ?? '';
    const sex = SEXES.get(speaker);
    const emotion = EMOTIONS.get(code);
    if (sex === undefined) return unknownField('speaker', speaker, codesOf(SEXES));
    if (!TEXTS.includes(statement)) return unknownField('text', statement, TEXTS.join(', '));
    if (emotion === undefined) return unknownField('emotion', code, codesOf(EMOTIONS));
    return {
      recording: `${speaker}${statement}${code}${version}`,
      labels: { emotion, intensity: '', statement, repetition: versionNumber(version), speaker, sex },
    };
  },
};

/** 1 for `a`, 2 for `b` and so on; 0 where there is no letter. */
function versionNumber(letter: string): number {
  return letter === '' ? 0 : letter.charCodeAt(0) - 'a'.charCodeAt(0) + 1;
}
