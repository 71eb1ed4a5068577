import type { Clip } from '../audio/clip.ts';
import { shiftPitch, timeStretch } from '../audio/phase-vocoder.ts';
import { STFT_BINS, STFT_SIZE } from '../audio/stft.ts';
import { deriveSeed, RandomState } from '../random/index.ts';
import { addNoise, changeGain, maskFrequency, maskTime } from './effects.ts';
import type { AugmentParams } from './params.ts';

export interface AugmentedClip {
  readonly samples: Float32Array;
  /** What was done, e.g. `stretch 1.042, pitch -1.5, noise 23.1 dB`. */
  readonly changes: string;
}

/** Changes a clip by draws that depend on the seed and the clip's id only. */
export function augment({ samples, sampleRate }: Clip, id: string, params: AugmentParams): AugmentedClip {
  // Each effect draws from a generator of its own, so that switching one on leaves the others as they were.
  const randomFor = (effect: string): RandomState => new RandomState(deriveSeed(params.seed, id, effect));
  const changes: string[] = [];
  let result = samples;
  if (params.stretch !== null) {
    const rate = draw(params.stretch, randomFor('stretch'));
    result = timeStretch(result, rate);
    changes.push(`stretch ${rate.toFixed(3)}`);
  }
  if (params.pitch !== null) {
    const quarterTones = Math.round(2 * draw(params.pitch, randomFor('pitch')));
    if (quarterTones !== 0) result = shiftPitch(result, quarterTones);
    changes.push(`pitch ${quarterTones / 2}`);
  }
  const frequencyRandom = randomFor('frequency');
  for (let mask = 0; mask < params.frequencyMasks; mask++) {
    const widest = Math.min(STFT_BINS, Math.round((params.frequencyMaskHertz * STFT_SIZE) / sampleRate));
    const { start, end } = drawSpan(STFT_BINS, widest, frequencyRandom);
    result = maskFrequency(result, start, end);
    const [from, to] = [start, end].map((bin) => Math.round((bin * sampleRate) / STFT_SIZE));
    changes.push(`without ${from} to ${to} Hz`);
  }
  const timeRandom = randomFor('time');
  for (let mask = 0; mask < params.timeMasks; mask++) {
    const longest = Math.min(result.length, Math.round(params.timeMaskSeconds * sampleRate));
    const { start, end } = drawSpan(result.length, longest, timeRandom);
    result = maskTime(result, start, end);
    changes.push(`silent ${(start / sampleRate).toFixed(3)} to ${(end / sampleRate).toFixed(3)} s`);
  }
  if (params.noiseDb !== null) {
    const random = randomFor('noise');
    const ratio = draw(params.noiseDb, random);
    result = addNoise(result, ratio, random);
    changes.push(`noise ${ratio.toFixed(1)} dB`);
  }
  if (params.gainDb !== null) {
    const gain = draw(params.gainDb, randomFor('gain'));
    result = changeGain(result, gain);
    changes.push(`gain ${gain.toFixed(1)} dB`);
  }
  return { samples: result, changes: changes.join(', ') };
}

function draw([lowest, highest]: readonly [number, number], random: RandomState): number {
  return lowest + (highest - lowest) * random.uniform();
}

/** A span of at most `longest` within `total`. */
function drawSpan(total: number, longest: number, random: RandomState): { start: number; end: number } {
  const length = random.integer(longest + 1);
  const start = random.integer(total - length + 1);
  return { start, end: start + length };
}
