import { randomStream } from './random.ts';

/** What of a voice belongs to its speaker. */
export interface Speaker {
  readonly sex: 'male' | 'female';
  /** Median pitch of neutral speech, Hz. */
  readonly pitch: number;
  /** Formants relative to an adult male's: the inverse of the relative vocal tract length. */
  readonly formantScale: number;
  /** Attenuation at 3 kHz by the glottal source beyond its -6 dB an octave, dB. */
  readonly tilt: number;
  /** Noise of breath relative to voicing. */
  readonly breathiness: number;
  /** Cycle-to-cycle variation of the period, relative. */
  readonly jitter: number;
  /** Speaking rate relative to the mean speaker. */
  readonly rate: number;
  /** How strongly the speaker acts, around 1. */
  readonly expressiveness: number;
  /** Level of the recording relative to the mean, dB. */
  readonly level: number;
  /** Level of the room's noise, dB below full scale. */
  readonly noiseFloor: number;
}

const SPEAKER_STREAM = 1;

/** The speaker of an actor's number: odd numbers are male, even ones female, as in RAVDESS. */
export function speakerOf(actor: number, seed: number): Speaker {
  const random = randomStream(seed, SPEAKER_STREAM, actor);
  const male = actor % 2 === 1;
  return {
    sex: male ? 'male' : 'female',
    pitch: male ? random.between(95, 135) : random.between(180, 235),
    formantScale: male ? random.between(0.94, 1.05) : random.between(1.11, 1.23),
    tilt: random.between(3, 7) + (male ? 0 : 2),
    breathiness: random.between(0.01, 0.03) + (male ? 0 : 0.01),
    jitter: random.between(0.004, 0.01),
    rate: random.between(0.93, 1.07),
    expressiveness: random.between(0.85, 1.15),
    level: random.between(-2, 2),
    noiseFloor: random.between(68, 74),
  };
}
