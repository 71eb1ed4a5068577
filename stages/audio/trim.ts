import { powerToDecibel } from './decibel.ts';

/** Samples `start` to `end` of a clip. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const FRAME = 2048;
/** Samples from frame to frame. */
export const TRIM_HOP = 512;
const HOPS_PER_FRAME = FRAME / TRIM_HOP;

/**
 * The part of a clip between its silent ends, as `librosa.effects.trim` finds it: frames of 2,048 samples each 512,
 * centred, count as silent where their power lies at least `topDb` below that of the loudest frame. A clip that is
 * silent throughout has no louder part and is kept whole.
 *
 * @param energies sum of squares of each 512 samples: a frame is four whole hops, so each hop is summed once.
 * @param length of the clip, in samples.
 */
export function trimSpan(energies: Float64Array, length: number, topDb: number): Span {
  const powers = framePowers(energies, length);
  let loudest = 0;
  for (const power of powers) loudest = Math.max(loudest, power);
  const reference = powerToDecibel(loudest);
  const isLoud = (power: number): boolean => powerToDecibel(power) - reference > -topDb;
  const first = powers.findIndex(isLoud);
  const last = powers.findLastIndex(isLoud);
  return { start: first * TRIM_HOP, end: Math.min(length, (last + 1) * TRIM_HOP) };
}

/** Mean squares of the frames: frame t takes the two hops before its centre t × 512 and the two after. */
function framePowers(energies: Float64Array, length: number): Float64Array {
  const frames = 1 + Math.floor(length / TRIM_HOP);
  return Float64Array.from({ length: frames }, (_, frame) => {
    const first = Math.max(0, frame - HOPS_PER_FRAME / 2);
    const end = Math.min(energies.length, frame + HOPS_PER_FRAME / 2);
    let sum = 0;
    for (let hop = first; hop < end; hop++) sum += energies[hop];
    return sum / FRAME;
  });
}
