import { readRowIndex } from '../../execute/row-index.ts';
import type { CacheEntry, StoredFile } from '../entry.ts';

/** Older tables of the store than so many are not looked at. */
const lookedAt = 8;

/** Where it is not known which rows are wanted, so many tables are brought at most. */
const broughtBlindly = 2;

/** A table of which less than this part is wanted costs more to bring than its rows cost to compute. */
const leastPart = 0.01;

export interface RemoteRows {
  /** The newest first. */
  keys(): Promise<readonly string[]>;
  entry(key: string): Promise<CacheEntry | undefined>;
  /** Brings a row index here. */
  index(file: StoredFile): Promise<string | undefined>;
  indexHere(sha256: string): string;
}

/**
 * Tables of a store that are worth bringing, for rows that the tables here do not have. Their row indexes tell, which
 * are small beside them; and where hardly a row is missing, nobody is asked at all.
 */
export async function* remoteTables(
  here: readonly CacheEntry[],
  wanted: (() => Iterable<string>) | undefined,
  remote: RemoteRows,
): AsyncIterable<CacheEntry> {
  const missing = wanted === undefined ? undefined : new Set(wanted());
  const held = new Set<string>();
  const take = (inputs: Iterable<string>): void => {
    for (const input of inputs) {
      held.add(input);
      missing?.delete(input);
    }
  };
  for (const { rows } of here) {
    if (missing?.size === 0) return;
    take(inputsOf(remote.indexHere(rows!.index)));
  }
  if (missing?.size === 0) return;
  const known = new Set(here.map(({ key }) => key));
  const keys = (await remote.keys()).filter((key) => !known.has(key)).slice(0, lookedAt);
  let brought = 0;
  for (const key of keys) {
    if (missing?.size === 0 || (missing === undefined && brought === broughtBlindly)) return;
    const entry = await remote.entry(key);
    if (entry?.rows === undefined) continue;
    const least = Math.max(1, entry.rows.count * leastPart);
    if (missing !== undefined && missing.size < least) continue;
    const { index: sha256, indexSize: size } = entry.rows;
    const path = await remote.index({ name: 'row index', size, sha256 });
    const inputs = path === undefined ? [] : inputsOf(path);
    const useful = inputs.filter((input) => (missing === undefined ? !held.has(input) : missing.has(input)));
    if (useful.length < least) continue;
    brought += 1;
    yield entry;
    take(inputs);
  }
}

/** Digests of the rows that a table was made from; none where the index is gone or not whole. */
function inputsOf(path: string): string[] {
  try {
    return readRowIndex(path).map(({ input }) => input);
  } catch {
    return [];
  }
}
