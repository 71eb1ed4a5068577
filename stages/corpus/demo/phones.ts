/** The first four resonances of the vocal tract, Hz, of an adult male (Peterson & Barney 1952; F4 by Fant). */
export type Formants = readonly [number, number, number, number];

/** One stretch of speech with constant targets; what lies between two of them is interpolated. */
export interface Phone {
  readonly milliseconds: number;
  readonly formants: Formants;
  /** Amplitudes relative to a stressed vowel, 0 to 1. */
  readonly voicing: number;
  readonly frication: number;
  /** Centre of the frication noise, Hz. */
  readonly fricationFrequency: number;
  /** 0: oral, 1: nasal. */
  readonly nasality: number;
  /** 0: unstressed, 1: carries the accent. */
  readonly stress: number;
}

const VOWELS = {
  ɪ: [390, 1990, 2550, 3500],
  ɑ: [730, 1090, 2440, 3400],
  ɔ: [570, 840, 2410, 3400],
  ə: [500, 1500, 2500, 3500],
  ɝ: [490, 1350, 1690, 3300],
} as const satisfies Record<string, Formants>;

const ALVEOLAR: Formants = [300, 1750, 2600, 3500];
const VELAR: Formants = [300, 1900, 2300, 3400];
const LABIAL: Formants = [300, 900, 2300, 3400];

const SILENT = { voicing: 0, frication: 0, fricationFrequency: 4000, nasality: 0, stress: 0 };

function vowel(symbol: keyof typeof VOWELS, milliseconds: number, stress = 0): Phone {
  return { ...SILENT, milliseconds, formants: VOWELS[symbol], voicing: 0.7 + 0.3 * stress, stress };
}

/** A stop: closure, voiced or not, then its burst. */
function stop(formants: Formants, burstFrequency: number, voiced: boolean): Phone[] {
  return [
    { ...SILENT, milliseconds: voiced ? 28 : 38, formants, voicing: voiced ? 0.12 : 0 },
    {
      ...SILENT,
      milliseconds: voiced ? 10 : 24,
      formants,
      frication: voiced ? 0.12 : 0.22,
      fricationFrequency: burstFrequency,
    },
  ];
}

function fricative(milliseconds: number, fricationFrequency: number, frication: number, voicing = 0): Phone {
  return { ...SILENT, milliseconds, formants: ALVEOLAR, frication, fricationFrequency, voicing };
}

const DOOR: readonly Phone[] = [
  ...stop(ALVEOLAR, 3500, true),
  vowel('ɔ', 120, 0.8),
  { ...vowel('ɝ', 80), voicing: 0.5 },
];
const NASAL: Phone = { ...SILENT, milliseconds: 55, formants: VELAR, voicing: 0.35, nasality: 1 };
const ARE: readonly Phone[] = [vowel('ɑ', 75), vowel('ɝ', 45)];
const BY_THE: readonly Phone[] = [
  ...stop(LABIAL, 900, true),
  vowel('ɑ', 60, 0.3),
  vowel('ɪ', 55),
  fricative(30, 5000, 0.05, 0.3),
  vowel('ə', 50),
];

/** RAVDESS's two statements, in phones: "Kids/Dogs are talking/sitting by the door". */
export const STATEMENTS: Readonly<Record<'kids' | 'dogs', readonly Phone[]>> = {
  kids: [
    ...stop(VELAR, 1900, false),
    vowel('ɪ', 80, 0.9),
    ...stop(ALVEOLAR, 3500, true),
    fricative(45, 5500, 0.14, 0.2),
    ...ARE,
    ...stop(ALVEOLAR, 4000, false),
    vowel('ɔ', 100, 1),
    ...stop(VELAR, 1600, false),
    vowel('ɪ', 60),
    NASAL,
    ...BY_THE,
    ...DOOR,
  ],
  dogs: [
    ...stop(ALVEOLAR, 3500, true),
    vowel('ɔ', 100, 0.9),
    ...stop(VELAR, 1700, true),
    fricative(45, 5500, 0.14, 0.2),
    ...ARE,
    fricative(70, 6000, 0.25),
    vowel('ɪ', 75, 1),
    ...stop(ALVEOLAR, 4000, false),
    vowel('ɪ', 60),
    NASAL,
    ...BY_THE,
    ...DOOR,
  ],
};
