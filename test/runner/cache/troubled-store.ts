import type { ObjectStore, StoredObject } from '../../../runner/cache/store/object-store.ts';

export type Operation = 'get' | 'head' | 'put' | 'putIfAbsent' | 'list' | 'delete';

/** A store that notes what is asked of it, and fails as it is told to. */
export class TroubledStore implements ObjectStore {
  readonly address: string;
  readonly asked: string[] = [];
  /** Called before each operation; what it throws or awaits is the trouble. */
  trouble: (operation: Operation, name: string) => void | Promise<void> = () => undefined;
  /** Called with what was got. */
  alter: (chunk: Uint8Array, name: string) => Uint8Array = (chunk) => chunk;
  readonly #store: ObjectStore;

  constructor(store: ObjectStore) {
    this.#store = store;
    this.address = store.address;
  }

  async get(name: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined> {
    await this.#before('get', name);
    const chunks = await this.#store.get(name, signal);
    return chunks && this.#altered(chunks, name);
  }

  async head(name: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    await this.#before('head', name);
    return this.#store.head(name, signal);
  }

  async put(name: string, body: AsyncIterable<Uint8Array>, size: number, signal: AbortSignal): Promise<void> {
    await this.#before('put', name);
    await this.#store.put(name, body, size, signal);
  }

  async putIfAbsent(name: string, data: Uint8Array, signal: AbortSignal): Promise<boolean> {
    await this.#before('putIfAbsent', name);
    return this.#store.putIfAbsent(name, data, signal);
  }

  async *list(prefix: string, signal: AbortSignal): AsyncIterable<StoredObject> {
    await this.#before('list', prefix);
    yield* this.#store.list(prefix, signal);
  }

  async delete(name: string, signal: AbortSignal): Promise<void> {
    await this.#before('delete', name);
    await this.#store.delete(name, signal);
  }

  close(): void {
    this.#store.close();
  }

  async #before(operation: Operation, name: string): Promise<void> {
    this.asked.push(`${operation} ${name}`);
    await this.trouble(operation, name);
  }

  async *#altered(chunks: AsyncIterable<Uint8Array>, name: string): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) yield this.alter(chunk, name);
  }
}
