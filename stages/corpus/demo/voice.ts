import { FRAME_SECONDS, type ArticulationFrame } from './articulation.ts';
import { amplitudeRatio } from './elementary.ts';
import { Antiresonator, Resonator, TiltFilter } from './filters.ts';
import type { RandomStream } from './random.ts';

/** What of a voice is constant over an utterance. */
export interface VoiceQuality {
  /** Attenuation of the glottal source at 3 kHz beyond its own slope, dB. */
  readonly tilt: number;
  /** Cycle-to-cycle variation of period and amplitude, relative. */
  readonly jitter: number;
  /** Formants relative to an adult male's, for those above the articulated ones. */
  readonly formantScale: number;
}

const OPEN_QUOTIENT = 0.6;
const TILT_HERTZ = 3000;
/** The formants above the fourth stand 1 kHz apart in a tube of a male vocal tract's length. */
const HIGHER_FORMANTS = [4500, 5500, 6500, 7500];
const BANDWIDTHS = [70, 90, 130, 200, 300, 380, 460, 540];
const NASAL_POLE = { frequency: 270, bandwidth: 100 };
/** Where the nasal zero goes with full nasality; without any, it cancels the pole. */
const NASAL_ZERO_RISE = 230;
const FRICATION_GAIN = 2.5;

/**
 * Source-filter synthesis (Fant 1960; Klatt 1980): glottal pulses and breath noise through a cascade of formants,
 * frication noise beside it. Returns samples whose scale is arbitrary.
 */
export function synthesise(
  frames: readonly ArticulationFrame[],
  quality: VoiceQuality,
  sampleRate: number,
  random: RandomStream,
): Float64Array {
  const samplesPerFrame = Math.round(sampleRate * FRAME_SECONDS);
  const samples = new Float64Array(frames.length * samplesPerFrame);
  const glottis = new Glottis(sampleRate, quality.jitter, random);
  const tilt = new TiltFilter(sampleRate, TILT_HERTZ, amplitudeRatio(2 * Math.max(0, quality.tilt)));
  const tract = new VocalTract(sampleRate, quality.formantScale);
  const frication = new Resonator(sampleRate);

  frames.forEach((frame, index) => {
    tract.shape(frame);
    const bandwidth = 0.3 * frame.fricationFrequency;
    frication.tune(Math.min(frame.fricationFrequency, 0.45 * sampleRate), bandwidth);
    // A resonator of unit gain at 0 Hz rings louder the lower its frequency: this brings its peak to about 1.
    const fricationGain = (FRICATION_GAIN * frame.frication * bandwidth) / frame.fricationFrequency;
    for (let n = 0; n < samplesPerFrame; n += 1) {
      const noise = 2 * random.uniform() - 1;
      const pulse = glottis.next(frame.pitch);
      const source = frame.voicing * tilt.filter(pulse.flow) + frame.aspiration * noise * pulse.openness;
      samples[index * samplesPerFrame + n] = tract.filter(source) + fricationGain * frication.filter(noise);
    }
  });
  return samples;
}

/** The derivative of the glottal flow: Klatt & Klatt's (1990) cubic pulse, closed for the rest of the period. */
class Glottis {
  private readonly sampleRate: number;
  private readonly jitter: number;
  private readonly random: RandomStream;
  private readonly output = { flow: 0, openness: 1 };
  private phase = 0;
  private periodRatio = 1;
  private amplitude = 1;

  constructor(sampleRate: number, jitter: number, random: RandomStream) {
    this.sampleRate = sampleRate;
    this.jitter = jitter;
    this.random = random;
  }

  /** The same object each time: this runs once a sample. */
  next(pitch: number): { readonly flow: number; readonly openness: number } {
    this.phase += pitch / (this.sampleRate * this.periodRatio);
    if (this.phase >= 1) {
      this.phase -= 1;
      this.periodRatio = Math.max(0.5, 1 + this.jitter * this.random.normal());
      this.amplitude = Math.max(0.2, 1 + 3 * this.jitter * this.random.normal());
    }
    const z = this.phase / OPEN_QUOTIENT;
    this.output.flow = z < 1 ? this.amplitude * (2 * z - 3 * z * z) : 0;
    this.output.openness = z < 1 ? 1 : 0.4;
    return this.output;
  }
}

/** A cascade of formants, with a pole and a zero for the nose. */
class VocalTract {
  private readonly formants: Resonator[];
  private readonly articulated: number;
  private readonly nasalPole: Resonator;
  private readonly nasalZero: Antiresonator;

  constructor(sampleRate: number, formantScale: number) {
    const higher = HIGHER_FORMANTS.map((frequency) => frequency * formantScale).filter(
      (frequency) => frequency < 0.45 * sampleRate,
    );
    this.articulated = BANDWIDTHS.length - HIGHER_FORMANTS.length;
    this.formants = Array.from({ length: this.articulated + higher.length }, () => new Resonator(sampleRate));
    higher.forEach((frequency, n) => {
      this.formants[this.articulated + n].tune(frequency, BANDWIDTHS[this.articulated + n]);
    });
    this.nasalPole = new Resonator(sampleRate);
    this.nasalPole.tune(NASAL_POLE.frequency, NASAL_POLE.bandwidth);
    this.nasalZero = new Antiresonator(sampleRate);
  }

  shape(frame: ArticulationFrame): void {
    for (let n = 0; n < this.articulated; n += 1) {
      const widening = n === 0 ? 1 + 4 * frame.nasality * 0.3 : 1;
      this.formants[n].tune(frame.formants[n], BANDWIDTHS[n] * widening);
    }
    this.nasalZero.tune(NASAL_POLE.frequency + NASAL_ZERO_RISE * frame.nasality, NASAL_POLE.bandwidth);
  }

  filter(source: number): number {
    let x = this.nasalZero.filter(this.nasalPole.filter(source));
    for (let n = 0; n < this.formants.length; n += 1) x = this.formants[n].filter(x);
    return x;
  }
}
