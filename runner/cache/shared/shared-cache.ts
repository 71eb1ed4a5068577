import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Emit } from '../../events.ts';
import type { Cache, Damage, Lookup, PutOptions } from '../cache.ts';
import { type CacheEntry, type StoredFile, storedFiles } from '../entry.ts';
import type { LocalCache } from '../local.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { Availability } from './availability.ts';
import { remoteTables } from './row-tables.ts';
import { type Found, LocalDamage, SharedLayout } from './shared-layout.ts';
import { SentRecord } from './sent-record.ts';

export interface SharedCacheOptions {
  /** False where results are taken from the store and none are sent to it. */
  readonly write: boolean;
  /** How long the store may be silent before it counts as unavailable. */
  readonly timeoutSeconds: number;
  readonly emit: Emit;
}

/** A request that carries little may take so many times what an answer may: it is tried again inside. */
const tries = 3;

/** Bytes per millisecond below which a transfer counts as stuck, however steadily it trickles. */
const slowest = 64;

const transfersAtOnce = 4;

/**
 * The local cache before a store that several machines share. What is here is never asked for there, so that a run that
 * has nothing to do makes no request. What is there is brought here whole, checked by its digests, before it counts as a
 * hit. What is made here is kept here first and then sent, in the background: files, then the entry. Without an answer
 * from the store, all goes on by the local cache alone, and what could not be sent is sent by a later run.
 */
export class SharedCache implements Cache {
  readonly #local: LocalCache;
  readonly #store: ObjectStore;
  readonly #layout: SharedLayout;
  readonly #availability: Availability;
  readonly #record: SentRecord;
  readonly #write: boolean;
  readonly #answerMilliseconds: number;
  readonly #emit: Emit;
  readonly #transfers = pLimit(transfersAtOnce);
  readonly #sending = new Map<string, { readonly bytes: number; readonly done: Promise<void> }>();
  /** Keys of artifacts that were here before the store was named, as far as it is known. */
  readonly #perhapsUnsent = new Set<string>();
  /** Keys of which a whole artifact was found: one that is made all the same is to replace it. */
  readonly #hits = new Set<string>();
  /** Keys and files that are in the store and not as they should be: to be put again. */
  readonly #damaged = new Set<string>();

  constructor(local: LocalCache, store: ObjectStore, options: SharedCacheOptions) {
    this.#local = local;
    this.#store = store;
    this.#write = options.write;
    this.#answerMilliseconds = options.timeoutSeconds * 1000;
    this.#emit = options.emit;
    this.#layout = new SharedLayout(store, this.#answerMilliseconds);
    this.#record = new SentRecord(join(local.folder, 'shared'), store.address);
    this.#availability = new Availability(store.address, (message) => {
      this.#emit({ type: 'notice', message });
    });
  }

  path(sha256: string): string {
    return this.#local.path(sha256);
  }

  async lookup(key: string): Promise<Lookup> {
    const here = await this.#local.lookup(key);
    const found = here.type === 'hit' ? here : ((await this.#bringTo(here, key)) ?? here);
    if (found.type === 'hit') {
      this.#hits.add(key);
      if (this.#write && !this.#record.isSent(key)) this.#perhapsUnsent.add(key);
    }
    return found;
  }

  async peek(key: string): Promise<Lookup> {
    const here = await this.#local.lookup(key);
    if (here.type === 'hit') return here;
    const there = await this.#entry(key);
    return there?.type === 'found' ? { type: 'hit', entry: there.value, from: this.#store.address } : here;
  }

  read(key: string): CacheEntry | undefined {
    return this.#local.read(key);
  }

  damageOf(entry: CacheEntry): Promise<readonly Damage[]> {
    return this.#local.damageOf(entry);
  }

  async put(
    folder: string,
    entry: Omit<CacheEntry, 'manifest'>,
    contents: ReadonlyMap<string, string>,
    options: PutOptions = {},
  ): Promise<CacheEntry> {
    const { aside = false } = options;
    const made = await this.#local.put(folder, entry, contents, options);
    if (aside || !this.#write || this.#availability.denied) return made;
    await this.#record.expect(made.key);
    const replace = this.#hits.has(made.key) || this.#damaged.has(made.key);
    const winner = replace ? undefined : await this.#winner(made);
    if (winner !== undefined) {
      await this.#record.sent(made.key);
      return winner;
    }
    this.#startSending(made, replace);
    return made;
  }

  putFile(path: string): Promise<string> {
    return this.#local.putFile(path);
  }

  entries(): AsyncIterable<CacheEntry> {
    return this.#local.entries();
  }

  damagedEntries(): Promise<readonly string[]> {
    return this.#local.damagedEntries();
  }

  async withRowKey(rowKey: string, wanted?: () => Iterable<string>): Promise<readonly CacheEntry[]> {
    const here = await this.#local.withRowKey(rowKey);
    const brought: CacheEntry[] = [];
    for await (const entry of remoteTables(here, wanted, {
      keys: async () => (await this.#ask('read', (signal) => this.#layout.keysOfRows(rowKey, signal))) ?? [],
      entry: async (key) => {
        const found = await this.#entry(key);
        return found?.type === 'found' && found.value.rows?.rowKey === rowKey ? found.value : undefined;
      },
      index: async (file) => ((await this.#bringFile(file)) === 'found' ? this.path(file.sha256) : undefined),
      indexHere: (sha256) => this.path(sha256),
    })) {
      if (await this.#bring(entry)) brought.push(entry);
    }
    return [...brought, ...here];
  }

  async sent(key: string): Promise<void> {
    await this.#sending.get(key)?.done.catch(() => undefined);
  }

  forget(key: string): Promise<void> {
    return this.#local.forget(key);
  }

  async settle(signal: AbortSignal): Promise<void> {
    const stop = (): void => {
      this.#availability.stop();
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    try {
      if (this.#write) await this.#sendUnsent();
      if (this.#sending.size > 0 && !signal.aborted) {
        const bytes = [...this.#sending.values()].reduce((sum, sent) => sum + sent.bytes, 0);
        this.#emit({ type: 'sending', to: this.#store.address, artifacts: this.#sending.size, bytes });
      }
      await Promise.all([...this.#sending.values()].map(({ done }) => done));
    } finally {
      signal.removeEventListener('abort', stop);
      this.#store.close();
    }
  }

  /** What earlier runs could not send, and what was used and may be from before the store was named. */
  async #sendUnsent(): Promise<void> {
    for (const key of new Set([...(await this.#record.unsent()), ...this.#perhapsUnsent])) {
      if (this.#sending.has(key) || !this.#availability.writes) continue;
      const entry = this.#local.read(key);
      if (entry === undefined) await this.#record.giveUp(key);
      else if ((await this.#winner(entry)) !== undefined) await this.#record.sent(key);
      else this.#startSending(entry, false);
    }
  }

  /** The artifact of a key, brought here whole; undefined where the store has none, or not as it should be. */
  async #bringTo(here: Lookup, key: string): Promise<Lookup | undefined> {
    // A local entry whose files are damaged is as good as one of the store, whose files may be whole.
    const found: Found<CacheEntry> | undefined =
      here.type === 'damaged' && here.entry !== undefined
        ? { type: 'found', value: here.entry }
        : await this.#entry(key);
    if (found?.type === 'damaged') {
      this.#damaged.add(key);
      this.#tell(`the entry of key ${key.slice(0, 12)} in ${this.#store.address} is damaged`);
    }
    if (found?.type !== 'found') return undefined;
    return (await this.#bring(found.value)) ? { type: 'hit', entry: found.value } : undefined;
  }

  /** Brings what is missing here of an artifact, and its entry last. */
  async #bring(entry: CacheEntry): Promise<boolean> {
    const { stage, key } = entry;
    const missing: StoredFile[] = [];
    for (const file of storedFiles(entry)) if (!(await this.#local.has(file))) missing.push(file);
    const bytes = missing.reduce((sum, { size }) => sum + size, 0);
    if (missing.length > 0) this.#emit({ type: 'fetching', stage, from: this.#store.address, bytes });
    const results = await Promise.all(
      missing.map((file) => this.#transfers(async () => ({ file, result: await this.#bringFile(file) }))),
    );
    for (const { file, result } of results) {
      if (result === 'found' || result === undefined) continue;
      this.#damaged.add(key).add(file.sha256);
      const how = result === 'absent' ? 'is missing from' : 'is damaged in';
      this.#tell(`${file.name} ${how} ${this.#store.address}; that artifact counts as not there`, stage);
    }
    if (results.some(({ result }) => result !== 'found')) return false;
    await this.#local.putEntry(entry);
    await this.#record.sent(key);
    return true;
  }

  async #bringFile(file: StoredFile): Promise<Found<string>['type'] | undefined> {
    const path = join(this.#local.folder, 'tmp', `fetch-${randomBytes(8).toString('hex')}`);
    const result = await this.#ask(
      'read',
      (signal) => this.#layout.download(file, path, signal),
      this.#transferMilliseconds(file),
    );
    if (result === 'found') await this.#local.putDigested(path, file.sha256);
    return result;
  }

  /** Another's result of the same key, if there is one by now. One that equals ours is as good as ours. */
  async #winner(made: CacheEntry): Promise<CacheEntry | undefined> {
    const found = await this.#entry(made.key);
    if (found?.type === 'damaged') this.#damaged.add(made.key);
    if (found?.type !== 'found') return undefined;
    if (found.value.manifest.digest === made.manifest.digest) return made;
    if (!(await this.#bring(found.value))) return undefined;
    this.#tell(
      `another machine has made it differently under the same key, and that result is taken: the stage is not deterministic`,
      made.stage,
    );
    return found.value;
  }

  #startSending(entry: CacheEntry, replace: boolean): void {
    const bytes = storedFiles(entry).reduce((sum, { size }) => sum + size, 0);
    const done = this.#send(entry, replace || this.#damaged.has(entry.key));
    // What goes wrong is met where all is awaited.
    done.catch(() => undefined);
    this.#sending.set(entry.key, { bytes, done });
  }

  async #send(entry: CacheEntry, replace: boolean): Promise<void> {
    const sent = await Promise.all(
      storedFiles(entry).map((file) => this.#transfers(() => this.#sendFile(file))),
    );
    if (sent.includes('damaged')) {
      // The next lookup finds it and says so; there is nothing to send.
      await this.#record.giveUp(entry.key);
      return;
    }
    if (sent.includes('unavailable')) return this.#keepUnlessDenied(entry.key);
    const won = await this.#ask('write', (signal) => this.#layout.publish(entry, replace, signal));
    if (won === undefined) return this.#keepUnlessDenied(entry.key);
    if (!won) await this.#winner(entry);
    await this.#record.sent(entry.key);
  }

  async #sendFile(file: StoredFile): Promise<'sent' | 'damaged' | 'unavailable'> {
    const again = this.#damaged.has(file.sha256);
    try {
      const done = await this.#ask(
        'write',
        async (signal) => {
          await this.#layout.upload(file, this.path(file.sha256), { again, signal });
          return 'sent' as const;
        },
        this.#transferMilliseconds(file),
      );
      return done ?? 'unavailable';
    } catch (error) {
      if (error instanceof LocalDamage) return 'damaged';
      throw error;
    }
  }

  /** Where the store does not let us write at all, there is no use in trying again and again. */
  async #keepUnlessDenied(key: string): Promise<void> {
    if (this.#availability.denied) await this.#record.giveUp(key);
  }

  #entry(key: string): Promise<Found<CacheEntry> | undefined> {
    return this.#ask('read', (signal) => this.#layout.entry(key, signal));
  }

  async #ask<T>(
    purpose: 'read' | 'write',
    work: (signal: AbortSignal) => Promise<T>,
    milliseconds = this.#answerMilliseconds * tries,
  ): Promise<T | undefined> {
    const answer = await this.#availability.ask(purpose, milliseconds, work);
    return answer.ok ? answer.value : undefined;
  }

  /** For two silences beside the requests themselves, and for bytes that come at the slowest pace. */
  #transferMilliseconds({ size }: StoredFile): number {
    return this.#answerMilliseconds * (tries + 2) + size / slowest;
  }

  #tell(message: string, stage?: string): void {
    this.#emit({ type: 'notice', message, ...(stage !== undefined && { stage }) });
  }
}
