import { createReadStream } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { CacheEntry, StoredFile } from '../entry.ts';
import { type ObjectStore, StoreError } from '../store/object-store.ts';
import { openEntry, sealEntry } from './sealed-entry.ts';
import { unlessSilent } from './unless-silent.ts';

const readBytes = 1 << 20;

/** An entry of a hundred thousand files takes some 30 MB. What is longer than this is no entry, and is not read on. */
const longestEntry = 256 << 20;

/** A file that is not put again is at most so much older than the entry that names it. */
const renewedAfterMilliseconds = 24 * 3600 * 1000;

export type Found<T> =
  { readonly type: 'found'; readonly value: T } | { readonly type: 'absent' } | { readonly type: 'damaged' };

/** A file of this machine that is not what its name says; the store has no part in that. */
export class LocalDamage extends Error {
  override readonly name = 'LocalDamage';
}

/**
 * Entries and files as they lie in a store: `objects/` by digest, `keys/` by key, `rows/` by row key, as in the local
 * cache. Everything that comes from there is checked, by digests, before it is believed.
 */
export class SharedLayout {
  readonly #store: ObjectStore;
  readonly #silenceMilliseconds: number;

  constructor(store: ObjectStore, silenceMilliseconds: number) {
    this.#store = store;
    this.#silenceMilliseconds = silenceMilliseconds;
  }

  entry(key: string, signal: AbortSignal): Promise<Found<CacheEntry>> {
    return this.#read(entryName(key), signal, async (chunks) => {
      const parts: Uint8Array[] = [];
      let length = 0;
      for await (const chunk of chunks) {
        length += chunk.length;
        if (length > longestEntry) return undefined;
        parts.push(chunk);
      }
      return openEntry(Buffer.concat(parts).toString('utf8'), key);
    });
  }

  /**
   * Makes the entry the one of its key, its files being there. Of several that do so at once, and without `replace`, one
   * wins; false for the others.
   */
  async publish(entry: CacheEntry, replace: boolean, signal: AbortSignal): Promise<boolean> {
    if (entry.rows !== undefined) {
      await this.#put(markerName(entry.rows.rowKey, entry.key), new Uint8Array(), signal);
    }
    const data = sealEntry(entry);
    if (!replace) return this.#store.putIfAbsent(entryName(entry.key), data, signal);
    await this.#put(entryName(entry.key), data, signal);
    return true;
  }

  /** Brings a file to a path of this machine; nothing is left there unless it is what its digest says. */
  async download(
    { sha256, size }: StoredFile,
    path: string,
    signal: AbortSignal,
  ): Promise<Found<string>['type']> {
    let whole = false;
    try {
      const { type } = await this.#read(objectName(sha256), signal, async (chunks) => {
        whole = (await write(chunks, path, size, signal)) === sha256;
        return whole ? path : undefined;
      });
      return type;
    } finally {
      if (!whole) await rm(path, { force: true });
    }
  }

  /**
   * Puts a file of this machine under its digest, unless it is there. One that is there for long is put again, so that
   * whatever expires by age takes no file from under an entry that still stands.
   */
  async upload(
    { sha256, size }: StoredFile,
    path: string,
    options: { readonly again: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const { again, signal } = options;
    const name = objectName(sha256);
    const there = again ? undefined : await this.#store.head(name, signal);
    const young = there !== undefined && Date.now() - there.modified < renewedAfterMilliseconds;
    if (young && there.size === size) return;
    await this.#store.put(name, checked(path, sha256), size, signal);
  }

  /** Keys of the entries whose rows were made by a row key, the newest first. */
  async keysOfRows(rowKey: string, signal: AbortSignal): Promise<string[]> {
    const prefix = markerName(rowKey, '');
    const found: { key: string; modified: number }[] = [];
    for await (const { name, modified } of this.#store.list(prefix, signal)) {
      const key = name.slice(prefix.length);
      if (/^[0-9a-f]{64}$/.test(key)) found.push({ key, modified });
    }
    return found.sort((a, b) => b.modified - a.modified || (a.key < b.key ? -1 : 1)).map(({ key }) => key);
  }

  /**
   * Reads an object; `take` gives undefined where it is not what it should be. What was cut or garbled on its way may be
   * whole the next time, so that it is read twice before that is believed.
   */
  async #read<T>(
    name: string,
    signal: AbortSignal,
    take: (chunks: AsyncIterable<Uint8Array>) => Promise<T | undefined>,
  ): Promise<Found<T>> {
    for (let again = false; ; again = true) {
      const chunks = await this.#store.get(name, signal);
      if (chunks === undefined) return { type: 'absent' };
      try {
        const value = await take(unlessSilent(chunks, this.#silenceMilliseconds));
        if (value !== undefined) return { type: 'found', value };
      } catch (error) {
        if (again || signal.aborted || !(error instanceof StoreError)) throw error;
      }
      if (again) return { type: 'damaged' };
    }
  }

  #put(name: string, data: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#store.put(name, once(data), data.length, signal);
  }
}

export function entryName(key: string): string {
  return `keys/${key.slice(0, 2)}/${key}.json`;
}

export function objectName(sha256: string): string {
  return `objects/${sha256.slice(0, 2)}/${sha256}`;
}

function markerName(rowKey: string, key: string): string {
  return `rows/${rowKey}/keys/${key}`;
}

// eslint-disable-next-line @typescript-eslint/require-await -- a store takes what arrives bit by bit
async function* once(data: Uint8Array): AsyncIterable<Uint8Array> {
  yield data;
}

/** The digest of what was written; more than was announced is not, however much arrives. */
async function write(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  size: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'w');
  const hash = createHash('sha256');
  let written = 0;
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      written += chunk.length;
      if (written > size) return undefined;
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

/** A file's bytes; throws at their end, before anyone takes them for whole, where they are not what the digest says. */
async function* checked(path: string, sha256: string): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) {
      hash.update(chunk as Uint8Array);
      yield chunk as Uint8Array;
    }
  } catch (error) {
    throw new LocalDamage(String(error), { cause: error });
  }
  if (hash.digest('hex') !== sha256) throw new LocalDamage(`${path} was changed`);
}
