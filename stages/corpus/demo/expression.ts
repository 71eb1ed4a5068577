import type { ClipLabel, Emotion } from './clip-name.ts';
import { randomStream } from './random.ts';
import type { Speaker } from './speaker.ts';

/** How an utterance departs from the speaker's neutral voice. */
export interface Expression {
  /** Shift of the median pitch, semitones. */
  readonly pitch: number;
  /** Height of a full accent, semitones. */
  readonly pitchRange: number;
  /** Pitch at the end less at the beginning, semitones. */
  readonly pitchSlope: number;
  /** Rise over the last fifth, semitones. */
  readonly finalRise: number;
  /** Speaking rate, as a natural logarithm of the ratio to neutral. */
  readonly rate: number;
  /** Peak level, dB relative to neutral. */
  readonly level: number;
  /** How far unstressed syllables lie below stressed ones, dB. */
  readonly stressContrast: number;
  /** Change of the source's attenuation at 3 kHz, dB: positive is darker. */
  readonly tilt: number;
  /** Noise of breath relative to voicing, added. */
  readonly breathiness: number;
  /** Cycle-to-cycle variation of the period, added, relative. */
  readonly jitter: number;
  /** Depth of a tremor of 7 Hz in pitch, semitones. */
  readonly tremor: number;
  /** Formants relative to neutral as a natural logarithm: a smile shortens the tract. */
  readonly formants: number;
  /** Openness of the jaw: the first formant as a natural logarithm of the ratio to neutral. */
  readonly jaw: number;
  /** 0: oral, 1: as nasal as a nasal consonant. */
  readonly nasality: number;
}

const NEUTRAL: Expression = {
  pitch: 0,
  pitchRange: 3,
  pitchSlope: -2.5,
  finalRise: 0,
  rate: 0,
  level: 0,
  stressContrast: 3,
  tilt: 0,
  breathiness: 0,
  jitter: 0,
  tremor: 0,
  formants: 0,
  jaw: 0,
  nasality: 0,
};

/** Departures at full strength, in the directions that Juslin & Laukka (2003) and Scherer (2003) report. */
const DEPARTURES: Readonly<Record<Emotion, Partial<Expression>>> = {
  neutral: {},
  calm: {
    pitch: -1.5,
    pitchRange: -1.5,
    rate: -0.14,
    level: -4,
    tilt: 6,
    breathiness: 0.03,
    stressContrast: -1.5,
  },
  happy: { pitch: 4, pitchRange: 4, rate: 0.1, level: 4, tilt: -3, formants: 0.06, stressContrast: 2 },
  sad: {
    pitch: -0.5,
    pitchRange: -2,
    pitchSlope: -1.5,
    rate: -0.3,
    level: -9,
    tilt: 11,
    breathiness: 0.1,
    jaw: -0.12,
  },
  angry: {
    pitch: 3,
    pitchRange: 2,
    rate: 0.12,
    level: 9,
    tilt: -9,
    jaw: 0.2,
    jitter: 0.012,
    stressContrast: 4,
  },
  fearful: {
    pitch: 7,
    pitchRange: -1.5,
    rate: 0.25,
    level: 1,
    breathiness: 0.14,
    tremor: 1,
    tilt: 1,
    pitchSlope: 2,
  },
  disgust: { pitch: -2.5, rate: -0.2, level: -1, jitter: 0.03, nasality: 0.8, formants: -0.07, tilt: -2 },
  surprised: {
    pitch: 6,
    pitchRange: 6,
    finalRise: 7,
    rate: 0.02,
    level: 3,
    jaw: 0.12,
    breathiness: 0.04,
    tilt: 2,
  },
};

/** How far takes of one emotion differ: standard deviations. */
const VARIATION: Expression = {
  pitch: 0.9,
  pitchRange: 0.9,
  pitchSlope: 0.8,
  finalRise: 0.8,
  rate: 0.05,
  level: 1.5,
  stressContrast: 0.8,
  tilt: 1.4,
  breathiness: 0.011,
  jitter: 0.0025,
  tremor: 0.12,
  formants: 0.014,
  jaw: 0.03,
  nasality: 0.08,
};

const STRENGTH = { normal: 0.9, strong: 1.3 };
const EXPRESSION_STREAM = 2;

/** The expression of one clip: the emotion's, by the speaker's expressiveness and the intensity, varied by take. */
export function expressionOf(
  label: ClipLabel,
  speaker: Speaker,
  seed: number,
  path: readonly number[],
): Expression {
  const random = randomStream(seed, EXPRESSION_STREAM, ...path);
  const departure = DEPARTURES[label.emotion];
  const strength = STRENGTH[label.intensity] * speaker.expressiveness;
  const of = (feature: keyof Expression): number =>
    NEUTRAL[feature] + (departure[feature] ?? 0) * strength + VARIATION[feature] * random.normal();
  return {
    pitch: of('pitch'),
    pitchRange: Math.max(0.3, of('pitchRange')),
    pitchSlope: of('pitchSlope'),
    finalRise: of('finalRise'),
    rate: of('rate'),
    level: of('level'),
    stressContrast: Math.max(0, of('stressContrast')),
    tilt: of('tilt'),
    breathiness: Math.max(0, of('breathiness')),
    jitter: Math.max(0, of('jitter')),
    tremor: Math.max(0, of('tremor')),
    formants: of('formants'),
    jaw: of('jaw'),
    nasality: Math.min(1, Math.max(0, of('nasality'))),
  };
}
