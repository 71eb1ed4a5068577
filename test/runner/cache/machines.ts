import { join, resolve } from 'node:path';
import type { Lookup } from '../../../runner/cache/cache.ts';
import type { CacheEntry } from '../../../runner/cache/entry.ts';
import { LocalCache } from '../../../runner/cache/local.ts';
import { SharedCache } from '../../../runner/cache/shared/shared-cache.ts';
import type { ObjectStore } from '../../../runner/cache/store/object-store.ts';
import type { Event } from '../../../runner/events.ts';
import { type MadeArtifact, putArtifact } from './artifacts.ts';
import { TroubledStore } from './troubled-store.ts';

const { signal } = new AbortController();

/** A machine with a cache of its own that it shares with others. Each of its runs asks a store opened anew. */
export class Machine {
  readonly #folder: string;
  readonly #open: () => ObjectStore;
  readonly #options: { readonly write?: boolean; readonly timeoutSeconds?: number };
  events: Event[] = [];
  store: TroubledStore;
  cache: SharedCache;

  constructor(
    folder: string,
    open: () => ObjectStore,
    options: { readonly write?: boolean; readonly timeoutSeconds?: number } = {},
  ) {
    this.#folder = resolve(folder);
    this.#open = open;
    this.#options = options;
    [this.store, this.cache] = this.#start();
  }

  get local(): LocalCache {
    return new LocalCache(this.state);
  }

  get state(): string {
    return join(this.#folder, 'state');
  }

  /** What the user is told. */
  get notices(): string[] {
    return this.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  }

  /** Begins another run: nothing is remembered but what lies on the disk. */
  startAnew(): void {
    [this.store, this.cache] = this.#start();
  }

  #start(): [TroubledStore, SharedCache] {
    this.events = [];
    const store = new TroubledStore(this.#open());
    const { write = true, timeoutSeconds = 20 } = this.#options;
    const emit = (event: Event): void => {
      this.events.push(event);
    };
    return [store, new SharedCache(this.local, store, { write, timeoutSeconds, emit })];
  }

  put(made: MadeArtifact, options?: { readonly aside: boolean }): Promise<CacheEntry> {
    return putArtifact(this.cache, join(this.#folder, 'scratch'), made, options);
  }

  /** Puts and waits until it is where it is going to be. */
  async share(made: MadeArtifact): Promise<CacheEntry> {
    const entry = await this.put(made);
    await this.settle();
    return entry;
  }

  lookup(key: string): Promise<Lookup> {
    return this.cache.lookup(key);
  }

  settle(stop: AbortSignal = signal): Promise<void> {
    return this.cache.settle(stop);
  }
}
