import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CacheEntry, storedFiles } from '../../cache/entry.ts';
import { SharedLayout } from '../../cache/shared/shared-layout.ts';
import type { ObjectStore } from '../../cache/store/object-store.ts';
import { sha256 } from '../../fingerprint/hash.ts';

/** Without an answer for so long, a request has failed. */
const silenceMilliseconds = 60_000;

/**
 * The shared cache as client and workers use it for what one must see of the other: nothing is deferred or degraded
 * here. An operation has happened when it resolves, and rejects with a `StoreError` where it has not.
 */
export class SharedPlace {
  readonly #store: ObjectStore;
  readonly #layout: SharedLayout;
  readonly #folder: string;

  /** `folder` is where files are brought to. */
  constructor(store: ObjectStore, folder: string) {
    this.#store = store;
    this.#layout = new SharedLayout(store, silenceMilliseconds);
    this.#folder = folder;
  }

  get address(): string {
    return this.#store.address;
  }

  /**
   * Puts an artifact of this machine where all see it; does little where it is there already. False where another
   * artifact of the same key is there, which stands.
   */
  async publish(
    entry: CacheEntry,
    pathOf: (digest: string) => string,
    signal: AbortSignal,
  ): Promise<boolean> {
    for (const file of storedFiles(entry)) {
      await this.#layout.upload(file, pathOf(file.sha256), { again: false, signal });
    }
    if (await this.#layout.publish(entry, false, signal)) return true;
    const there = await this.#layout.entry(entry.key, signal);
    if (there.type === 'found') return there.value.manifest.digest === entry.manifest.digest;
    // What is there under its key is no entry that anyone could use.
    return this.#layout.publish(entry, true, signal);
  }

  /** Puts a document under the digest of its text, which it gives back. */
  async putText(folder: string, text: string, signal: AbortSignal): Promise<string> {
    const digest = sha256(text);
    await this.put(`${folder}/${digest}`, text, signal);
    return digest;
  }

  getText(folder: string, digest: string, signal: AbortSignal): Promise<string | undefined> {
    return this.text(`${folder}/${digest}`, digest, signal);
  }

  /** Undefined where it is not there, or has another digest. */
  async text(name: string, digest: string, signal: AbortSignal): Promise<string | undefined> {
    const text = await this.#read(name, signal);
    return text !== undefined && sha256(text) === digest ? text : undefined;
  }

  async put(name: string, content: string, signal: AbortSignal): Promise<void> {
    const bytes = Buffer.from(content);
    await this.#store.put(name, once(bytes), bytes.length, signal);
  }

  async putFile(name: string, path: string, signal: AbortSignal): Promise<void> {
    const { size } = await stat(path);
    await this.#store.put(name, createReadStream(path), size, signal);
  }

  /** Brings a file here and gives its path; undefined where it is not there, or has another digest. */
  async bring(name: string, digest: string, signal: AbortSignal): Promise<string | undefined> {
    const chunks = await this.#store.get(name, signal);
    if (chunks === undefined) return undefined;
    await mkdir(this.#folder, { recursive: true });
    const path = join(this.#folder, `${digest}-${randomBytes(4).toString('hex')}`);
    if ((await write(chunks, path)) === digest) return path;
    await rm(path);
    return undefined;
  }

  /** Names of the objects that begin so, the newest first. */
  async names(prefix: string, signal: AbortSignal): Promise<string[]> {
    const found: { name: string; modified: number }[] = [];
    for await (const object of this.#store.list(prefix, signal)) found.push(object);
    return found
      .sort((a, b) => b.modified - a.modified || (a.name < b.name ? -1 : 1))
      .map(({ name }) => name);
  }

  async remove(names: readonly string[], signal: AbortSignal): Promise<void> {
    for (const name of names) await this.#store.delete(name, signal);
  }

  close(): void {
    this.#store.close();
  }

  async #read(name: string, signal: AbortSignal): Promise<string | undefined> {
    const chunks = await this.#store.get(name, signal);
    if (chunks === undefined) return undefined;
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    return Buffer.concat(parts).toString('utf8');
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- a store takes what arrives bit by bit
async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** Gives the digest of what was written. */
async function write(chunks: AsyncIterable<Uint8Array>, path: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(path, 'w');
  try {
    for await (const chunk of chunks) {
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}
