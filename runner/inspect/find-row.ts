import { distance } from 'fastest-levenshtein';
import { PipelineError } from '../errors.ts';

const nearestShown = 3;

/**
 * The place of a row by its id, or by the end of its id after a slash where that fits one row only.
 *
 * @throws PipelineError with the nearest ids where there is no such row.
 */
export function findRow(table: string, ids: readonly string[], wanted: string): number {
  const exact = ids.indexOf(wanted);
  if (exact >= 0) return exact;
  const ends = ids.flatMap((id, position) => (id.endsWith(`/${wanted}`) ? [position] : []));
  if (ends.length === 1) return ends[0];
  const problem =
    ends.length > 1
      ? {
          message: `${ends.length} rows end with ${wanted}`,
          hint: `e.g. ${list(ends.map((position) => ids[position]))}`,
        }
      : { message: `there is no row ${wanted}`, hint: hintOf(ids, wanted) };
  throw new PipelineError([{ ...problem, place: { file: table } }], 2);
}

function hintOf(ids: readonly string[], wanted: string): string {
  if (ids.length === 0) return 'the table has no rows';
  return `the nearest ids are ${list(nearestIds(ids, wanted))}`;
}

/** By edit distance of the whole ids or of their last parts, since folders are left out easily. */
function nearestIds(ids: readonly string[], wanted: string): string[] {
  const end = lastPart(wanted);
  return ids
    .map((id) => ({ id, edits: Math.min(distance(id, wanted), distance(lastPart(id), end)) }))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, nearestShown)
    .map(({ id }) => id);
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function list(ids: readonly string[]): string {
  return ids.slice(0, nearestShown).join(', ');
}
