import { powerToDecibel } from './decibel.ts';

/** Samples `start` to `end` of a clip. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const FRAME = 2048;
const HOP = 512;
const BLOCKS_PER_FRAME = FRAME / HOP;

/**
 * The part of a clip between its silent ends, as `librosa.effects.trim` finds it: frames of 2,048 samples each 512,
 * centred, count as silent where their power lies at least `topDb` below that of the loudest frame. A clip that is
 * silent throughout has no louder part and is kept whole.
 */
export function trimSpan(samples: Float32Array, topDb: number): Span {
  const powers = framePowers(samples);
  let loudest = 0;
  for (const power of powers) loudest = Math.max(loudest, power);
  const reference = powerToDecibel(loudest);
  const isLoud = (power: number): boolean => powerToDecibel(power) - reference > -topDb;
  const first = powers.findIndex(isLoud);
  const last = powers.findLastIndex(isLoud);
  if (first < 0) return { start: 0, end: 0 };
  return { start: first * HOP, end: Math.min(samples.length, (last + 1) * HOP) };
}

/** Mean squares of the frames. A frame is four whole hops, so each hop is summed once. */
function framePowers(samples: Float32Array): Float64Array {
  const frames = 1 + Math.floor(samples.length / HOP);
  // Two blocks of zeros before and after: half a frame of padding.
  const blocks = new Float64Array(frames + BLOCKS_PER_FRAME);
  for (let block = 0; block * HOP < samples.length; block++) {
    const end = Math.min(samples.length, (block + 1) * HOP);
    let sum = 0;
    for (let index = block * HOP; index < end; index++) sum += samples[index] * samples[index];
    blocks[block + BLOCKS_PER_FRAME / 2] = sum;
  }
  return Float64Array.from({ length: frames }, (_, frame) => {
    let sum = 0;
    for (let block = frame; block < frame + BLOCKS_PER_FRAME; block++) sum += blocks[block];
    return sum / FRAME;
  });
}
