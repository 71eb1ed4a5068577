import { StageFailure } from '../../runner/kind/index.ts';

/**
 * Sequences of unequal length, one after the other: sequence `i` spans steps `offsets[i]` to `offsets[i + 1]` of
 * `data`, whose steps have `width` values each.
 */
export interface Sequences {
  readonly data: Float32Array;
  readonly width: number;
  readonly offsets: Int32Array;
}

/** Steps of each sequence. */
export function lengthsOf(offsets: Int32Array): Int32Array {
  return Int32Array.from({ length: offsets.length - 1 }, (_, row) => offsets[row + 1] - offsets[row]);
}

/** The places of all steps of the sequences named, so that what works on rows of a matrix works on these steps. */
export function stepsOf(offsets: Int32Array, rows: ArrayLike<number>): Int32Array {
  let count = 0;
  for (let i = 0; i < rows.length; i++) count += offsets[rows[i] + 1] - offsets[rows[i]];
  const steps = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let step = offsets[rows[i]]; step < offsets[rows[i] + 1]; step++) steps[at++] = step;
  }
  return steps;
}

/** Copies the sequences named, in their order. */
export function gatherSequences({ data, width, offsets }: Sequences, rows: ArrayLike<number>): Sequences {
  return joinSequences(
    Array.from(rows, (row) => data.subarray(offsets[row] * width, offsets[row + 1] * width)),
    width,
  );
}

/** Puts sequences one behind the other. Each has a whole number of steps of `width` values. */
export function joinSequences(rows: readonly Float32Array[], width: number): Sequences {
  const offsets = new Int32Array(rows.length + 1);
  for (const [row, values] of rows.entries()) offsets[row + 1] = offsets[row] + values.length / width;
  const data = new Float32Array(offsets[rows.length] * width);
  for (const [row, values] of rows.entries()) data.set(values, offsets[row] * width);
  return { data, width, offsets };
}

/** The sequences named, in their order, as one tensor [rows, steps, width] with zeros behind each. */
export function padSequences(
  { data, width, offsets }: Sequences,
  rows: ArrayLike<number>,
  steps: number,
): Float32Array {
  const padded = new Float32Array(rows.length * steps * width);
  for (let i = 0; i < rows.length; i++) {
    padded.set(data.subarray(offsets[rows[i]] * width, offsets[rows[i] + 1] * width), i * steps * width);
  }
  return padded;
}

/**
 * Throws StageFailure where the features are sequences of unequal length, which have no place in a model of vectors.
 */
export function requireVectors(
  { offsets, featuresName }: { readonly offsets?: Int32Array; readonly featuresName: string },
  model: string,
): void {
  if (offsets === undefined) return;
  throw new StageFailure(`${model} reads one vector a clip, not sequences of unequal length`, {
    place: featuresName,
    hint:
      'let the features stage pool over time (features/acoustic: output: statistics; features/encoder: pool: mean), ' +
      'or train lstm, cnn or cnn-lstm on the sequences',
  });
}
