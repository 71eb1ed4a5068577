import { StageFailure } from '../../runner/kind/index.ts';

/** The index of the first value that is NaN or infinite, or -1. */
export function firstNonFinite(values: Float32Array): number {
  // x - x is 0 for every finite x and NaN for all others, so a sum tells in one pass without a branch.
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] - values[index];
  return sum === 0 ? -1 : values.findIndex((value) => !Number.isFinite(value));
}

/** @throws StageFailure naming the row where a value is NaN or infinite. */
export function requireFinite(values: Float32Array, what: string, place: string): void {
  const index = firstNonFinite(values);
  if (index < 0) return;
  throw new StageFailure(`${what} ${index} of ${values.length} is ${values[index]}`, {
    place,
    hint: 'the recording is damaged: replace it, or take it out of the folder',
  });
}
