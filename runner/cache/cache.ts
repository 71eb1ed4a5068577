import type { ArtifactShape, CacheEntry } from './entry.ts';

/** A file that the store does not have as it should. */
export interface Damage {
  /** Undefined where the entry itself, which would say it, is damaged. */
  readonly stage: string | undefined;
  readonly file: string;
  readonly reason: 'missing' | 'changed';
}

export type Lookup =
  | {
      readonly type: 'hit';
      readonly entry: CacheEntry;
      /** The shared cache that has its files, where they are not here yet. */
      readonly from?: string;
    }
  | { readonly type: 'miss' }
  | {
      readonly type: 'damaged';
      /** Undefined where the entry itself is damaged. */
      readonly entry: CacheEntry | undefined;
      readonly damage: readonly Damage[];
    };

/** Keys → artifacts. */
export interface Cache {
  /** A hit is believed only if every file of the artifact is there and untouched; all of them are on this machine then. */
  lookup(key: string): Promise<Lookup>;
  /** What `lookup` would find, most likely: it brings no file from elsewhere. */
  peek(key: string): Promise<Lookup>;
  /** The files of an artifact that are not, on this machine, as they were when it was stored or brought here. */
  damageOf(entry: CacheEntry): Promise<readonly Damage[]>;
  /** The entry as this machine has it, whether or not its files are there. */
  read(key: string): CacheEntry | undefined;
  /**
   * Takes over the files of a folder as the artifact of a key: moves them into the store, then writes the entry, in
   * this order, so that an entry never names a file that is not there. The entry given back is the one to go on with:
   * where another machine has been faster with another result, it is that one's.
   */
  put(
    folder: string,
    entry: Omit<CacheEntry, 'manifest'>,
    contents: ReadonlyMap<string, string>,
    options?: PutOptions,
  ): Promise<CacheEntry>;
  /** Absolute path of a stored file. */
  path(sha256: string): string;
  /** Stores one file by itself, such as a row index. */
  putFile(path: string): Promise<string>;
  /** Every entry of this machine that is whole. */
  entries(): AsyncIterable<CacheEntry>;
  /** Keys whose entries on this machine are not whole. */
  damagedEntries(): Promise<readonly string[]>;
  /**
   * Entries whose rows were made by a row key, the newest first. `wanted` tells which input rows are looked for, by
   * digest, where that is known: tables that hold enough of them may be brought from elsewhere.
   */
  withRowKey(rowKey: string, wanted?: () => Iterable<string>): Promise<readonly CacheEntry[]>;
  /** Resolves once what was put under a key is no longer on its way to other machines, whether or not it arrived. */
  sent(key: string): Promise<void>;
  /** Forgets an entry of this machine. */
  forget(key: string): Promise<void>;
  /** Resolves once nothing is under way any more to other machines. Once aborted, the rest is left to a later run. */
  settle(signal: AbortSignal): Promise<void>;
}

export interface PutOptions {
  /** Of no use to any other run, so that it stays on this machine. */
  readonly aside?: boolean;
  /** False where rows of the same row key may not be taken from it: an input changed while they were made. */
  readonly rowsReusable?: boolean;
  /** What of a command's outs is more than the content of files. */
  readonly shape?: ArtifactShape;
}
