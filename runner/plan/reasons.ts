import type { Lookup } from '../cache/cache.ts';
import type { LockedStage } from '../record/lockfile.ts';
import { changes } from './explain.ts';
import type { ResolvedStage } from './resolve.ts';

/** Why a stage that is not forced must run, one sentence each, most telling first. */
export function reasonsFor(
  { fingerprint, key }: Pick<ResolvedStage, 'fingerprint' | 'key'>,
  lookup: Lookup,
  before: LockedStage | undefined,
): string[] {
  if (lookup.type === 'damaged') return ['its artifact is damaged in the cache'];
  if (before === undefined) return ['never ran'];
  if (before.key === key) return ['its artifact is no longer in the cache'];
  return changes(before.fingerprint, fingerprint).map(({ sentence }) => sentence);
}
