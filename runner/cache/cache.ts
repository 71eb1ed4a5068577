import type { CacheEntry } from './entry.ts';

/** A file that the store does not have as it should. */
export interface Damage {
  readonly stage: string;
  readonly file: string;
  readonly reason: 'missing' | 'changed';
}

export type Lookup =
  | { readonly type: 'hit'; readonly entry: CacheEntry }
  | { readonly type: 'miss' }
  | { readonly type: 'damaged'; readonly entry: CacheEntry; readonly damage: readonly Damage[] };

/** Keys → artifacts. */
export interface Cache {
  /** A hit is believed only if every file of the artifact is there and untouched. */
  lookup(key: string): Promise<Lookup>;
  /**
   * Takes over the files of a folder as the artifact of a key: moves them into the store, then writes the entry, in
   * this order, so that an entry never names a file that is not there.
   */
  put(
    folder: string,
    entry: Omit<CacheEntry, 'manifest'>,
    contents: ReadonlyMap<string, string>,
  ): Promise<CacheEntry>;
  /** Absolute path of a stored file. */
  path(sha256: string): string;
  /** Stores one file by itself, such as a row index. */
  putFile(path: string): Promise<string>;
  /** Every entry. */
  entries(): AsyncIterable<CacheEntry>;
  /** Entries whose rows were made by a row key, the newest first. */
  withRowKey(rowKey: string): Promise<readonly CacheEntry[]>;
  forget(key: string): Promise<void>;
}
