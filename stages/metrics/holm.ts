/**
 * Holm's correction for several tests at once ("A simple sequentially rejective multiple test procedure", 1979): below
 * a level α of the corrected values at least one true null hypothesis falls with a probability of α at most. In the
 * order given.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = [...pValues.keys()].sort((a, b) => pValues[a] - pValues[b]);
  const corrected = new Array<number>(pValues.length);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, pValues[index] * (pValues.length - rank)));
    corrected[index] = largest;
  }
  return corrected;
}
