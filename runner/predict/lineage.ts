import type { CacheEntry } from '../cache/entry.ts';
import type { Cache } from '../cache/cache.ts';
import { inputDigests } from '../fingerprint/parts.ts';

/** The artifacts behind an artifact, by what its fingerprint says it was made from. */
export class Lineage {
  readonly #cache: Cache;
  readonly #last: ReadonlyMap<string, CacheEntry>;
  #all: Promise<ReadonlyMap<string, CacheEntry>> | undefined;

  /** `last`: the keys that the last run used. Of several artifacts of one content, its own are taken. */
  constructor(cache: Cache, last: readonly string[]) {
    this.#cache = cache;
    const entries = last.flatMap((key) => cache.read(key) ?? []);
    this.#last = new Map(entries.map((entry) => [entry.manifest.digest, entry]));
  }

  /**
   * What an artifact was made from: by input, in the order in which the stage saw them. Undefined stands for an
   * artifact that the cache no longer has.
   */
  async inputsOf({ fingerprint }: CacheEntry): Promise<Record<string, (CacheEntry | undefined)[]>> {
    const inputs: Record<string, (CacheEntry | undefined)[]> = {};
    for (const [name, digests] of Object.entries(inputDigests(fingerprint))) {
      inputs[name] = await Promise.all(digests.map((digest) => this.#entryOf(digest)));
    }
    return inputs;
  }

  async #entryOf(digest: string): Promise<CacheEntry | undefined> {
    const entry = this.#last.get(digest) ?? (await this.#earlier()).get(digest);
    if (entry === undefined) return undefined;
    return (await this.#cache.lookup(entry.key)).type === 'hit' ? entry : undefined;
  }

  /** Everything in the cache by its content; read only where the last run does not have it. */
  #earlier(): Promise<ReadonlyMap<string, CacheEntry>> {
    this.#all ??= (async () => {
      const found = new Map<string, CacheEntry>();
      for await (const entry of this.#cache.entries()) found.set(entry.manifest.digest, entry);
      return found;
    })();
    return this.#all;
  }
}
