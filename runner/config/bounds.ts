/**
 * What a pipeline may have at most. Planning goes on without a pause, so whatever it takes in must be small enough that
 * nobody waits for it, and that a signal is heard.
 */

/** Bytes of a pipeline file. */
export const mostBytes = 1 << 20;

/** Values, each counted as often as aliases repeat it. */
export const mostValues = 500_000;

/** Combinations of one matrix, before any are excluded. */
export const mostCombinations = 10_000;

/** Instances of all stages together. */
export const mostInstances = 20_000;

/** Mistakes that are told at once. */
export const mostProblems = 50;

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
