import type { Column } from '../../../runner/kind/index.ts';
import type { EncoderParams } from './params.ts';
import type { Frames } from './session.ts';

/** How the frames of a clip become its features. */
export interface Pooling {
  readonly column: Column;
  apply(frames: Frames): Float32Array;
}

/** `size`: values of one frame, all layers side by side. */
export function poolingOf({ pool, steps }: Pick<EncoderParams, 'pool' | 'steps'>, size: number): Pooling {
  switch (pool) {
    case 'mean':
      return {
        column: { type: 'tensor', shape: [size] },
        apply: (frames) => Float32Array.from(means(frames)),
      };
    case 'mean+std':
      return { column: { type: 'tensor', shape: [2 * size] }, apply: meansAndDeviations };
    case 'none':
      return {
        column: { type: 'sequence', shape: [size] },
        apply: ({ count, data }) => data.slice(0, (steps ?? count) * size),
      };
  }
}

function means({ count, size, data }: Frames): Float64Array {
  const sums = new Float64Array(size);
  for (let frame = 0; frame < count; frame += 1)
    for (let n = 0; n < size; n += 1) sums[n] += data[frame * size + n];
  return sums.map((sum) => sum / count);
}

/** The means of all values, then their standard deviations over the frames (divided by their number). */
function meansAndDeviations(frames: Frames): Float32Array {
  const { count, size, data } = frames;
  const mean = means(frames);
  const squares = new Float64Array(size);
  for (let frame = 0; frame < count; frame += 1)
    for (let n = 0; n < size; n += 1) squares[n] += (data[frame * size + n] - mean[n]) ** 2;
  const pooled = new Float32Array(2 * size);
  pooled.set(mean);
  pooled.set(
    squares.map((sum) => Math.sqrt(sum / count)),
    size,
  );
  return pooled;
}
