import { describe, expect, it } from '@jest/globals';
import { EMOTIONS, emotionNamed } from '../../../../stages/ingest/emotions.ts';
import { namings } from '../../../../stages/ingest/names/index.ts';
import type { Labels } from '../../../../stages/ingest/names/naming.ts';

const unknown = { intensity: '', statement: '', repetition: 0, sex: '' } as const;

const read: [keyof typeof namings, string, Labels][] = [
  [
    'crema-d',
    'AudioWAV/1001_IEO_ANG_HI.wav',
    { ...unknown, emotion: 'angry', intensity: 'high', statement: 'IEO', speaker: '1001', sex: 'male' },
  ],
  [
    'crema-d',
    '1091_WSI_FEA_LO.wav',
    { ...unknown, emotion: 'fearful', intensity: 'low', statement: 'WSI', speaker: '1091', sex: 'female' },
  ],
  [
    'crema-d',
    '1040_ITH_SAD_X.wav',
    { ...unknown, emotion: 'sad', statement: 'ITH', speaker: '1040', sex: 'male' },
  ],
  [
    'tess',
    'OAF_Pleasant_surprise/OAF_back_ps.wav',
    { ...unknown, emotion: 'surprised', statement: 'back', speaker: 'OAF', sex: 'female' },
  ],
  [
    'tess',
    'OA_bite_neutral.wav',
    { ...unknown, emotion: 'neutral', statement: 'bite', speaker: 'OAF', sex: 'female' },
  ],
  [
    'tess',
    'YAF_dog_fear.wav',
    { ...unknown, emotion: 'fearful', statement: 'dog', speaker: 'YAF', sex: 'female' },
  ],
  ['savee', 'AudioData/DC/a01.wav', { ...unknown, emotion: 'angry', speaker: 'DC', sex: 'male' }],
  ['savee', 'ALL/KL_su15.wav', { ...unknown, emotion: 'surprised', speaker: 'KL', sex: 'male' }],
  ['savee', 'JE/sa03.wav', { ...unknown, emotion: 'sad', speaker: 'JE', sex: 'male' }],
  [
    'emo-db',
    'wav/03a01Fa.wav',
    { ...unknown, emotion: 'happy', statement: 'a01', repetition: 1, speaker: '03', sex: 'male' },
  ],
  [
    'emo-db',
    '16b10Lb.wav',
    { ...unknown, emotion: 'boredom', statement: 'b10', repetition: 2, speaker: '16', sex: 'female' },
  ],
  ['emo-db', '12a07A.wav', { ...unknown, emotion: 'fearful', statement: 'a07', speaker: '12', sex: 'male' }],
];

const refused: [keyof typeof namings, string, string][] = [
  ['crema-d', '1092_IEO_ANG_HI.wav', 'unknown actor 1092: expected 1001 to 1091'],
  ['crema-d', '1001_IEO_CAL_HI.wav', 'unknown emotion CAL: expected ANG, DIS, FEA, HAP, NEU, SAD'],
  ['crema-d', '1001_ABC_ANG_HI.wav', 'unknown sentence ABC: expected IEO, TIE, IOM, '],
  ['crema-d', '1001_IEO_ANG_YY.wav', 'unknown level YY: expected LO, MD, HI, XX, X'],
  ['crema-d', '1001_IEO_ANG_HI.mp3', 'not a .wav file'],
  [
    'tess',
    'OAF_back_calm.wav',
    'unknown emotion calm: expected angry, disgust, fear, happy, neutral, ps, sad',
  ],
  [
    'tess',
    'XAF_back_sad.wav',
    'not a TESS name: expected actress, word and emotion, as in OAF_back_angry.wav',
  ],
  ['savee', 'a01.wav', 'unknown speaker .: expected DC, JE, JK, KL'],
  ['savee', 'DC/x01.wav', 'unknown emotion x: expected a, d, f, h, n, sa, su'],
  ['emo-db', '04a01Fa.wav', 'unknown speaker 04: expected 03, 08, '],
  ['emo-db', '03a03Fa.wav', 'unknown text a03: expected a01, a02, '],
  ['emo-db', '03a01Xa.wav', 'unknown emotion X: expected W, L, E, A, F, T, N'],
  ['emo-db', 'erklaerung.txt', 'not a .wav file'],
];

describe('names of corpora', () => {
  it.each(read)('%s: %s', (naming, file, labels) => {
    expect(namings[naming].parse(file)).toMatchObject({ labels });
  });

  it.each(refused)('%s refuses %s: %s', (naming, file, reason) => {
    expect(namings[naming].parse(file)).toEqual({ reason: expect.stringContaining(reason) as unknown });
  });

  it('uses the shared names of emotions only', () => {
    for (const [, , { emotion }] of read) {
      expect(emotionNamed(emotion)).toBe(emotion);
      expect(EMOTIONS).toContain(emotion);
    }
  });

  it('knows the 43 women of CREMA-D', () => {
    const sexes = Array.from({ length: 91 }, (_, index) => {
      const parsed = namings['crema-d'].parse(`${1001 + index}_IEO_NEU_XX.wav`);
      return 'labels' in parsed ? parsed.labels.sex : undefined;
    });
    expect(sexes.filter((sex) => sex === 'female')).toHaveLength(43);
    expect(sexes.filter((sex) => sex === 'male')).toHaveLength(48);
  });

  it('mistakes no corpus for another', () => {
    for (const [own, file] of read) {
      const fitting = Object.entries(namings).filter(([, naming]) => 'labels' in naming.parse(file));
      expect(fitting.map(([name]) => name)).toEqual([own]);
    }
  });

  it('takes names in other cases for the same recording', () => {
    expect(namings['emo-db'].parse('03A01fA.WAV')).toEqual(namings['emo-db'].parse('03a01Fa.wav'));
    expect(namings.savee.parse('dc/A01.wav')).toEqual(namings.savee.parse('DC_a01.wav'));
    expect(namings.tess.parse('oaf_Back_Angry.wav')).toEqual(namings.tess.parse('OAF_back_angry.wav'));
  });
});
