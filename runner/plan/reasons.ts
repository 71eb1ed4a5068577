import type { CacheEntry } from '../cache/entry.ts';
import type { Lookup } from '../cache/cache.ts';
import { rowsOfIndex } from '../execute/row-index.ts';
import type { LockedStage } from '../record/lockfile.ts';
import type { Workspace } from '../workspace.ts';
import { type Change, changes } from './explain.ts';
import type { ResolvedStage } from './resolve.ts';
import { deltaSentence, difference, type Named, type RowDelta } from './row-delta.ts';

/** Why a stage must run. */
export interface Reasons {
  /** One sentence each, most telling first. */
  readonly sentences: readonly string[];
  /** For row stages whose rows have changed. */
  readonly delta: RowDelta | undefined;
}

/** Why a stage that is not forced must run. `input` is the artifact a row stage takes its rows from. */
export function reasonsFor(
  workspace: Workspace,
  resolved: ResolvedStage,
  lookup: Lookup,
  before: LockedStage | undefined,
  input: CacheEntry | undefined,
): Reasons {
  const only = (sentence: string): Reasons => ({ sentences: [sentence], delta: undefined });
  if (lookup.type === 'damaged') return only('its artifact is damaged in the cache');
  if (before === undefined) return only('never ran');
  if (before.key === resolved.key) return only('its artifact is no longer in the cache');
  const found = changes(before.fingerprint, resolved.fingerprint);
  const delta = rowDelta(workspace, resolved, found, before, input);
  if (delta === undefined) return { sentences: found.map(({ sentence }) => sentence), delta };
  const others = found.filter(({ part }) => !isOfRows(part)).map(({ sentence }) => sentence);
  return { sentences: [...others, deltaSentence(delta)], delta };
}

/** Whether a part tells which rows there are, rather than what is done to them. */
function isOfRows(part: string): boolean {
  return part.startsWith('files.') || part.startsWith('inputs.');
}

function rowDelta(
  workspace: Workspace,
  { instance, fingerprint, trees, rowKey }: ResolvedStage,
  found: readonly Change[],
  before: LockedStage,
  input: CacheEntry | undefined,
): RowDelta | undefined {
  if (instance.uses.type === 'command' || rowKey === undefined) return undefined;
  const { kind } = instance.uses;
  const sameWork = found.every(
    ({ part }) => isOfRows(part) && !(kind.type === 'row' && part.startsWith('files.')),
  );
  const last = workspace.cache.read(before.key);
  if (kind.type === 'source') {
    if (trees.length !== 1 || !found.some(({ part }) => part in fingerprint && part.startsWith('files.')))
      return undefined;
    const digest = before.fingerprint[`files.${trees[0].root}`];
    const listing = digest === undefined ? undefined : workspace.trees.read(digest);
    if (listing === undefined) return undefined;
    const { added, changed, removed } = difference(listing, trees[0].files);
    const gone = changed.length + removed.length;
    const reused = sameWork && last?.rows !== undefined ? Math.max(0, last.rows.count - gone) : undefined;
    return { noun: 'file', added, changed, removed, reused };
  }
  if (!found.some(({ part }) => part.startsWith('inputs.'))) return undefined;
  if (last?.rows === undefined || input?.rows === undefined) return undefined;
  const rows = (digest: string, of: 'input' | 'content'): Iterable<Named> => {
    const index = workspace.cache.path(digest);
    return {
      *[Symbol.iterator]() {
        for (const row of rowsOfIndex(index)) yield { name: row.id, digest: row[of] };
      },
    };
  };
  try {
    const { same, ...named } = difference(rows(last.rows.index, 'input'), rows(input.rows.index, 'content'));
    return { noun: 'row', ...named, reused: sameWork ? same : undefined };
  } catch {
    // An index that gc has taken: the plain sentences must do.
    return undefined;
  }
}
