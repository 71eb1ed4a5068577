import type { ClipLabel } from './clip-name.ts';
import { amplitudeRatio, exponential, semitoneRatio, sineOfCycles } from './elementary.ts';
import type { Expression } from './expression.ts';
import { STATEMENTS, type Phone } from './phones.ts';
import type { RandomStream } from './random.ts';
import type { Speaker } from './speaker.ts';

/** Seconds that one articulation frame lasts. */
export const FRAME_SECONDS = 0.002;

/** What the voice is asked to do during one frame. */
export interface ArticulationFrame {
  /** Hz. */
  readonly pitch: number;
  /** Amplitudes of the three sources, relative to a stressed vowel's voicing. */
  readonly voicing: number;
  readonly aspiration: number;
  readonly frication: number;
  /** Hz. */
  readonly fricationFrequency: number;
  /** Hz, from the lowest. */
  readonly formants: readonly number[];
  /** 0: oral, 1: nasal. */
  readonly nasality: number;
}

const FORMANT_TRANSITION_SECONDS = 0.05;
const AMPLITUDE_TRANSITION_SECONDS = 0.018;
const ACCENT_SECONDS = 0.16;
const FADE_SECONDS = 0.06;
const FINAL_LENGTHENING = 1.25;
const TREMOR_HERTZ = 7;
/** Seconds between the points of the slow, random drift of the pitch, and its standard deviation in semitones. */
const DRIFT_SECONDS = 0.25;
const DRIFT_SEMITONES = 0.4;

/** The frames of one utterance: a speaker says a statement with an expression. */
export function articulate(
  statement: ClipLabel['statement'],
  speaker: Speaker,
  expression: Expression,
  random: RandomStream,
): ArticulationFrame[] {
  const phones = STATEMENTS[statement];
  const phoneOfFrame = timing(phones, speaker.rate * exponential(expression.rate), random);
  const track = (seconds: number, target: (phone: Phone) => number): Float64Array =>
    smooth(
      Float64Array.from(phoneOfFrame, (index) => target(phones[index])),
      seconds,
    );

  const voicing = track(AMPLITUDE_TRANSITION_SECONDS, (phone) => phone.voicing);
  const frication = track(AMPLITUDE_TRANSITION_SECONDS, (phone) => phone.frication);
  const nasality = track(FORMANT_TRANSITION_SECONDS, (phone) => phone.nasality);
  const stress = track(ACCENT_SECONDS, (phone) => phone.stress);
  const formants = [0, 1, 2, 3].map((n) => {
    const scale = speaker.formantScale * exponential(expression.formants + (n === 0 ? expression.jaw : 0));
    return track(FORMANT_TRANSITION_SECONDS, (phone) => phone.formants[n] * scale);
  });
  const pitch = pitchContour(stress, speaker, expression, random);

  return phoneOfFrame.map((index, frame) => {
    const emphasis = amplitudeRatio(-expression.stressContrast * (1 - Math.min(1, 1.6 * stress[frame])));
    const fade = Math.min(1, ((phoneOfFrame.length - frame) * FRAME_SECONDS) / FADE_SECONDS);
    const amplitude = voicing[frame] * emphasis * fade;
    return {
      pitch: pitch[frame],
      voicing: amplitude,
      aspiration: amplitude * (speaker.breathiness + expression.breathiness),
      frication: frication[frame] * amplitudeRatio(-expression.tilt / 2),
      fricationFrequency: phones[index].fricationFrequency * speaker.formantScale,
      formants: formants.map((values) => values[frame]),
      nasality: Math.min(1, nasality[frame] + expression.nasality),
    };
  });
}

/** The phone that each frame belongs to. */
function timing(phones: readonly Phone[], rate: number, random: RandomStream): number[] {
  const frames: number[] = [];
  phones.forEach((phone, index) => {
    const lengthening = index >= phones.length - 2 ? FINAL_LENGTHENING : 1;
    const seconds = ((phone.milliseconds / 1000) * lengthening * (1 + 0.08 * random.normal())) / rate;
    const count = Math.max(2, Math.round(seconds / FRAME_SECONDS));
    for (let n = 0; n < count; n += 1) frames.push(index);
  });
  return frames;
}

/** Hz by frame: declination, accents, a final rise, tremor, and a slow drift. */
function pitchContour(
  stress: Float64Array,
  speaker: Speaker,
  expression: Expression,
  random: RandomStream,
): Float64Array {
  const drift = slowDrift(stress.length, random);
  return stress.map((accent, frame) => {
    const position = frame / stress.length;
    const semitones =
      expression.pitch +
      expression.pitchSlope * (position - 0.5) +
      expression.pitchRange * accent +
      expression.finalRise * Math.max(0, (position - 0.8) / 0.2) +
      expression.tremor * sineOfCycles(frame * FRAME_SECONDS * TREMOR_HERTZ) +
      drift[frame];
    return speaker.pitch * semitoneRatio(semitones);
  });
}

function slowDrift(frames: number, random: RandomStream): Float64Array {
  const step = DRIFT_SECONDS / FRAME_SECONDS;
  const points = Array.from(
    { length: Math.ceil(frames / step) + 2 },
    () => DRIFT_SEMITONES * random.normal(),
  );
  return Float64Array.from({ length: frames }, (_, frame) => {
    const point = Math.floor(frame / step);
    const fraction = frame / step - point;
    return points[point] * (1 - fraction) + points[point + 1] * fraction;
  });
}

/** A running mean over `seconds`, applied twice so that the corners are round; the ends are held. */
function smooth(values: Float64Array, seconds: number): Float64Array {
  const half = Math.max(1, Math.round(seconds / FRAME_SECONDS / 4));
  return runningMean(runningMean(values, half), half);
}

function runningMean(values: Float64Array, half: number): Float64Array {
  const at = (index: number): number => values[Math.min(values.length - 1, Math.max(0, index))];
  return values.map((_, index) => {
    let sum = 0;
    for (let offset = -half; offset <= half; offset += 1) sum += at(index + offset);
    return sum / (2 * half + 1);
  });
}
