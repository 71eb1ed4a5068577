import { RandomState, deriveSeed } from '../../random/index.ts';
import { countMask } from './sorted-rows.ts';

/**
 * How often each of `rows` rows is drawn, with replacement, for one tree. A function of its own so that the rows a
 * tree did not see can be told again after it was grown elsewhere.
 */
export function bootstrapCounts(rows: number, seed: number, tree: number): Uint8Array {
  const random = new RandomState(deriveSeed(seed, 'bootstrap', tree));
  const counts = new Uint8Array(rows);
  for (let draw = 0; draw < rows; draw++) {
    const row = random.integer(rows);
    // Beyond a byte there is no place for a count; of Poisson(1) draws none in 10⁵⁰⁰ comes here.
    if (counts[row] < countMask) counts[row]++;
  }
  return counts;
}
