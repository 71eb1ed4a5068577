import type { Emotion } from '../emotions.ts';
import { codesOf, unknownField, wavStem, type Naming } from './naming.ts';

const NAME = /^(\d{4})_([A-Z]{3})_([A-Z]{3})_([A-Z]{1,2})$/i;
const FIRST_ACTOR = 1001;
const LAST_ACTOR = 1091;

/** The twelve sentences, from "It's eleven o'clock" to "We'll stop in a couple of minutes". */
const SENTENCES = ['IEO', 'TIE', 'IOM', 'IWW', 'TAI', 'MTI', 'IWL', 'ITH', 'DFA', 'ITS', 'TSI', 'WSI'];

const EMOTIONS = new Map<string, Emotion>([
  ['ANG', 'angry'],
  ['DIS', 'disgust'],
  ['FEA', 'fearful'],
  ['HAP', 'happy'],
  ['NEU', 'neutral'],
  ['SAD', 'sad'],
]);

/** `X` stands for `XX` in one published name, 1040_ITH_SAD_X.wav. */
const LEVELS = new Map([
  ['LO', 'low'],
  ['MD', 'medium'],
  ['HI', 'high'],
  ['XX', ''],
  ['X', ''],
]);

/** The 43 actors whom VideoDemographics.csv of the corpus calls female. */
const FEMALE = new Set([
  ...[1002, 1003, 1004, 1006, 1007, 1008, 1009, 1010, 1012, 1013, 1018, 1020, 1021, 1024, 1025, 1028, 1029],
  ...[1030, 1037, 1043, 1046, 1047, 1049, 1052, 1053, 1054, 1055, 1056, 1058, 1060, 1061, 1063, 1072, 1073],
  ...[1074, 1075, 1076, 1078, 1079, 1082, 1084, 1089, 1091],
]);

/**
 * CREMA-D's names, such as `1001_IEO_ANG_HI.wav`: actor, sentence, emotion, level (README.md of the corpus, "Filename
 * labeling conventions"; Cao et al. 2014, doi:10.1109/TAFFC.2014.2336244).
 */
export const cremaD: Naming = {
  title: 'CREMA-D',
  parse(file) {
    const wav = wavStem(file);
    if ('reason' in wav) return wav;
    const match = NAME.exec(wav.stem);
    if (match === null) {
      return {
        reason: 'not a CREMA-D name: expected actor, sentence, emotion and level, as in 1001_IEO_ANG_HI.wav',
      };
    }
    const [, actor, statement, emotionCode, levelCode] = match.map((field) => field.toUpperCase());
    const emotion = EMOTIONS.get(emotionCode);
    const intensity = LEVELS.get(levelCode);
    if (Number(actor) < FIRST_ACTOR || Number(actor) > LAST_ACTOR) {
      return unknownField('actor', actor, `${FIRST_ACTOR} to ${LAST_ACTOR}`);
    }
    if (!SENTENCES.includes(statement)) return unknownField('sentence', statement, SENTENCES.join(', '));
    if (emotion === undefined) return unknownField('emotion', emotionCode, codesOf(EMOTIONS));
    if (intensity === undefined) return unknownField('level', levelCode, codesOf(LEVELS));
    return {
      recording: wav.stem.toUpperCase(),
      labels: {
        emotion,
        intensity,
        statement,
        repetition: 0,
        speaker: actor,
        sex: FEMALE.has(Number(actor)) ? 'female' : 'male',
      },
    };
  },
};
