/** The greatest absolute difference of two arrays of one length. */
export function greatestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} values, not ${expected.length}`);
  let greatest = 0;
  for (let index = 0; index < actual.length; index++) {
    const difference = Math.abs(actual[index] - expected[index]);
    // A NaN must not pass for a small difference.
    if (!(difference <= greatest)) greatest = difference;
  }
  return greatest;
}
