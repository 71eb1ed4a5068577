import { articulate } from './articulation.ts';
import { RAVDESS_EMOTIONS } from '../../ingest/emotions.ts';
import type { ClipLabel } from './clip-name.ts';
import { amplitudeRatio, exponential } from './elementary.ts';
import { expressionOf } from './expression.ts';
import { randomStream, type RandomStream } from './random.ts';
import { speakerOf } from './speaker.ts';
import { synthesise } from './voice.ts';

const CLIP_STREAM = 3;
/** Peak of a neutral clip, dB of full scale, and the loudest that any clip may be. */
const NEUTRAL_PEAK = -14;
const LOUDEST_PEAK = -1;

/** One clip, mono, in ±1: silence with the room's noise, the utterance, silence. Depends on its label and seed only. */
export function synthesiseClip(label: ClipLabel, sampleRate: number, seed: number): Float64Array {
  const path = [
    RAVDESS_EMOTIONS.indexOf(label.emotion),
    label.intensity === 'strong' ? 1 : 0,
    label.statement === 'dogs' ? 1 : 0,
    label.repetition,
    label.actor,
  ];
  const random = randomStream(seed, CLIP_STREAM, ...path);
  const speaker = speakerOf(label.actor, seed);
  const expression = expressionOf(label, speaker, seed, path);
  const frames = articulate(label.statement, speaker, expression, random);
  const quality = {
    tilt: speaker.tilt + expression.tilt,
    jitter: speaker.jitter + expression.jitter,
    formantScale: speaker.formantScale * exponential(expression.formants),
  };
  const utterance = synthesise(frames, quality, sampleRate, random);
  const peak = amplitudeRatio(Math.min(LOUDEST_PEAK, NEUTRAL_PEAK + speaker.level + expression.level));
  return record(utterance, peak, amplitudeRatio(-speaker.noiseFloor), sampleRate, random);
}

/** The utterance at its peak level, in the noise of a room, between two silences. */
function record(
  utterance: Float64Array,
  peak: number,
  noise: number,
  sampleRate: number,
  random: RandomStream,
): Float64Array {
  const before = Math.round(sampleRate * random.between(0.1, 0.2));
  const after = Math.round(sampleRate * random.between(0.1, 0.2));
  const samples = new Float64Array(before + utterance.length + after);
  for (let n = 0; n < samples.length; n += 1) samples[n] = noise * (2 * random.uniform() - 1);
  const gain = peak / peakOf(utterance);
  for (let n = 0; n < utterance.length; n += 1) samples[before + n] += gain * utterance[n];
  return samples;
}

function peakOf(samples: Float64Array): number {
  let highest = 0;
  for (const sample of samples) {
    if (sample > highest) highest = sample;
    if (-sample > highest) highest = -sample;
  }
  return highest;
}
