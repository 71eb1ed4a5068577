import type { CacheEntry } from '../../../cache/entry.ts';
import type { ResolvedStage } from '../../../plan/resolve.ts';
import type { RowCounts } from '../../job.ts';
import type { StageResult } from '../tasks.ts';
import type { Site } from './site.ts';

/** The artifact of a stage, if somebody has made it; what only this worker has is sent to the others. */
export async function finished(
  site: Site,
  { key }: ResolvedStage,
  signal: AbortSignal,
): Promise<StageResult | undefined> {
  const lookup = await site.workspace.cache.lookup(key);
  if (lookup.type !== 'hit') return undefined;
  const { manifest } = await publish(site, lookup.entry, signal);
  return { key, artifact: manifest.digest, ran: false, warnings: [] };
}

/** Sends an artifact to the others. Where one of them was faster with another result, that one stands. */
export async function publish(site: Site, made: CacheEntry, signal: AbortSignal): Promise<CacheEntry> {
  const { cache } = site.workspace;
  if (await site.shared.publish(made, (digest) => cache.path(digest), signal)) return made;
  await cache.forget(made.key);
  const lookup = await cache.lookup(made.key);
  if (lookup.type !== 'hit') throw new Error(`${made.stage} cannot be brought from ${site.shared.address}`);
  return lookup.entry;
}

export function resultOf(
  { key, manifest }: CacheEntry,
  rows: RowCounts | undefined,
  warnings: readonly string[],
): StageResult {
  return { key, artifact: manifest.digest, ran: true, warnings, ...(rows !== undefined && { rows }) };
}
