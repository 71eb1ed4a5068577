import type { RowRange, ShardSettings } from './tasks.ts';

/** How the rows of a stage are divided. Part of the workflow: decides from its arguments alone. */

/** Rows of the first shard, by which it is known how long a row takes. */
const probeRows = 16;
/** A shard is never smaller: each has to set up what computes its rows. */
export const fewestRows = 16;
/** Towards the end shards become smaller, so that the workers end together: each takes this part of what is left. */
const partOfTheRest = 1 / 16;
/** … but none is shorter than this part of the time that a shard should take: each has its set-up. */
const shortest = 1 / 15;

/** The shard to be computed before the others are cut; undefined where there is no need for one. */
export function probe(missing: number, settings: ShardSettings): RowRange | undefined {
  if (settings.rows !== undefined || missing <= 2 * fewestRows) return undefined;
  return { from: 0, to: probeRows };
}

/** The shards of all rows from `start` on, which the probe has left. */
export function rangesAfterProbe(
  missing: number,
  start: number,
  millisecondsPerRow: number | undefined,
  settings: ShardSettings,
): RowRange[] {
  // However many rows there are, no more shards than may be under way at once.
  const forced = Math.ceil((missing - start) / settings.atMost);
  const wanted = settings.rows ?? rowsIn(settings.seconds, millisecondsPerRow);
  const largest = Math.max(wanted, forced);
  const smallest =
    settings.rows === undefined ? Math.max(fewestRows, Math.ceil(largest * shortest), forced) : largest;
  const ranges: RowRange[] = [];
  for (let from = start; from < missing;) {
    const part = Math.ceil((missing - from) * partOfTheRest);
    const size = Math.min(largest, Math.max(smallest, part));
    // A last shard of a few rows would be mostly set-up.
    const left = missing - from - size;
    const to =
      left < fewestRows / 2 && settings.rows === undefined ? missing : Math.min(missing, from + size);
    ranges.push({ from, to });
    from = to;
  }
  return ranges;
}

function rowsIn(seconds: number, millisecondsPerRow: number | undefined): number {
  if (millisecondsPerRow === undefined) return fewestRows;
  return Math.max(fewestRows, Math.floor((seconds * 1000) / Math.max(millisecondsPerRow, 0.01)));
}
