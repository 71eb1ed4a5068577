import type { Cache } from '../../../cache/cache.ts';
import { rowsOfIndex } from '../../row-index.ts';
import type { RowsToCompute, StageTask } from '../tasks.ts';
import { Segments } from '../segments.ts';
import type { SharedPlace } from '../shared-place.ts';
import { finished } from './finished.ts';
import { inputDigests, rowsFrom } from './input-rows.ts';
import type { StageOpener } from './open-stage.ts';
import type { Scope } from './scope.ts';
import type { Site } from './site.ts';

/** Where lists of rows lie in the shared cache. */
const listsFolder = 'lists';

/** How many requests are under way at once. */
export const requestsAtOnce = 16;

/** Finds out which rows of a row stage neither an earlier table nor a segment has. */
export async function listRows(
  site: Site,
  opener: StageOpener,
  task: StageTask,
  { signal }: Scope,
): Promise<RowsToCompute> {
  const { workspace, shared } = site;
  const stage = await opener.open(task, signal);
  const digests = await inputDigests(workspace, rowsFrom(stage).entry);
  const total = digests.length;
  const found = await finished(site, stage.resolved, signal);
  if (found !== undefined) return { total, missing: 0, finished: found };
  const missing = await missingRows(workspace.cache, shared, stage.resolved.rowKey!, digests, signal);
  if (missing.size === total) return { total, missing: total };
  const places = digests.flatMap((digest, place) => (missing.has(digest) ? [place] : []));
  const list = await shared.putText(listsFolder, places.join('\n'), signal);
  return { total, missing: places.length, list };
}

/** The digests of those rows that neither an earlier table nor a segment has. */
export async function missingRows(
  cache: Cache,
  shared: SharedPlace,
  rowKey: string,
  digests: readonly string[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const missing = new Set(digests);
  for (const { rows } of await cache.withRowKey(rowKey, () => digests)) {
    for (const { input } of rowsOfIndex(cache.path(rows!.index))) missing.delete(input);
  }
  const segments = new Segments(shared, rowKey);
  const listed = await segments.list(signal);
  for (let start = 0; start < listed.length && missing.size > 0; start += requestsAtOnce) {
    const portion = listed.slice(start, start + requestsAtOnce);
    for (const rows of await Promise.all(portion.map((segment) => segments.rows(segment, signal)))) {
      for (const { input } of rows ?? []) missing.delete(input);
    }
  }
  return missing;
}

/** The places of the rows of a list, counted from 0. */
export async function placesOf(site: Site, list: string, signal: AbortSignal): Promise<number[]> {
  const text = await site.shared.getText(listsFolder, list, signal);
  if (text === undefined) throw new Error(`the list of rows ${list} is not in ${site.shared.address}`);
  return text === '' ? [] : text.split('\n').map(Number);
}
