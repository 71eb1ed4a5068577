import { StageFailure } from '../../runner/kind/index.ts';

/** @throws StageFailure naming the place where a value is NaN or infinite. */
export function requireFinite(values: Float32Array, what: string, place: string): void {
  // x - x is 0 for every finite x and NaN for all others, so a sum tells in one pass without a branch.
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index] - values[index];
  if (sum === 0) return;
  const index = values.findIndex((value) => !Number.isFinite(value));
  throw new StageFailure(`${what} ${index} of ${values.length} is ${values[index]}`, {
    place,
    hint: 'the recording is damaged: replace it, or take it out of the folder',
  });
}
