import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ObjectStore, StoreError, type StoredObject } from './object-store.ts';

const chunkBytes = 1 << 20;

/** Where files lie while they are written. What a killed writer leaves there is of no use to anyone. */
const unfinished = 'tmp';

/** An object store in a folder of a file system that all machines mount. */
export class FolderStore implements ObjectStore {
  readonly address: string;
  readonly #folder: string;

  constructor(folder: string, address = folder) {
    this.#folder = folder;
    this.address = address;
  }

  async get(name: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined> {
    await this.#mustBeThere(signal);
    // Opening a pipe waits for who writes to it, unless it is told not to.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    const handle = await this.#find(() => open(join(this.#folder, name), flags));
    if (handle === undefined) return undefined;
    if ((await this.#try(() => handle.stat())).isFile()) {
      return this.#chunks(handle.createReadStream({ highWaterMark: chunkBytes }));
    }
    // A device has no end. No bytes are not those of any object, so that whoever asked counts it as damaged.
    await handle.close();
    return nothing();
  }

  async head(name: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    await this.#mustBeThere(signal);
    const found = await this.#find(() => stat(join(this.#folder, name)));
    return found && { name, size: found.size, modified: found.mtimeMs };
  }

  async put(
    name: string,
    body: AsyncIterable<Uint8Array>,
    _size: number,
    signal: AbortSignal,
  ): Promise<void> {
    const temporary = await this.#write(body, signal);
    await this.#place(temporary, name, (target) => rename(temporary, target));
  }

  async putIfAbsent(name: string, data: Uint8Array, signal: AbortSignal): Promise<boolean> {
    const temporary = await this.#write([data], signal);
    // A link, unlike a rename, is never put over what is there.
    const placed = await this.#place(temporary, name, (target) => linkIfAbsent(temporary, target));
    await rm(temporary, { force: true });
    return placed;
  }

  async *list(prefix: string, signal: AbortSignal): AsyncIterable<StoredObject> {
    await this.#mustBeThere(signal);
    // Objects with such names lie below the last whole folder that the prefix names.
    yield* this.#below(prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix, signal);
  }

  async delete(name: string, signal: AbortSignal): Promise<void> {
    await this.#mustBeThere(signal);
    await this.#try(() => rm(join(this.#folder, name), { force: true }));
  }

  close(): void {
    // Nothing is held open.
  }

  async *#below(folder: string, prefix: string, signal: AbortSignal): AsyncIterable<StoredObject> {
    const inside = await this.#find(() => readdir(join(this.#folder, folder), { withFileTypes: true }));
    for (const entry of inside ?? []) {
      signal.throwIfAborted();
      const name = `${folder}${entry.name}`;
      if (entry.isDirectory()) {
        const path = `${name}/`;
        if (path.startsWith(prefix) || prefix.startsWith(path)) yield* this.#below(path, prefix, signal);
      } else if (name.startsWith(prefix)) {
        const found = await this.#find(() => stat(join(this.#folder, name)));
        if (found !== undefined) yield { name, size: found.size, modified: found.mtimeMs };
      }
    }
  }

  /** Writes a whole file, down to the disk, where nobody looks for objects. */
  async #write(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, signal: AbortSignal): Promise<string> {
    await this.#mustBeThere(signal);
    const path = join(this.#folder, unfinished, `${process.pid}-${randomBytes(8).toString('hex')}`);
    await this.#try(() => mkdir(dirname(path), { recursive: true }));
    const handle = await this.#try(() => open(path, 'wx'));
    try {
      for await (const chunk of body) {
        signal.throwIfAborted();
        await this.#try(() => handle.writeFile(chunk));
      }
      await this.#try(() => handle.sync());
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    }
    await this.#try(() => handle.close());
    return path;
  }

  async #place<T>(temporary: string, name: string, place: (target: string) => Promise<T>): Promise<T> {
    const target = join(this.#folder, name);
    try {
      await this.#try(() => mkdir(dirname(target), { recursive: true }));
      await this.#clear(target);
      return await this.#try(() => place(target));
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  /** A folder that has come to lie where an object belongs cannot be replaced by one: it is moved out of the way. */
  async #clear(target: string): Promise<void> {
    const found = await this.#find(() => lstat(target));
    if (found?.isDirectory() !== true) return;
    const aside = join(this.#folder, unfinished, `aside-${randomBytes(8).toString('hex')}`);
    await this.#try(() => rename(target, aside));
  }

  /** A folder that is not there is not made: where a mount is missing, its place on the local disk is no store. */
  async #mustBeThere(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const found = await this.#find(() => stat(this.#folder));
    if (found?.isDirectory() === true) return;
    throw new StoreError(`${this.address} is not there`, { hint: 'Mount it, or make the folder.' });
  }

  async *#chunks(stream: AsyncIterable<unknown>): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of stream) yield chunk as Uint8Array;
    } catch (error) {
      throw this.#storeError(error);
    }
  }

  /** Undefined where there is no such file. */
  async #find<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.#storeError(error);
    }
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#storeError(error);
    }
  }

  #storeError(error: unknown): StoreError {
    const { code, message } = error as NodeJS.ErrnoException;
    const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    return new StoreError(`${this.address}: ${message}`, {
      cause: error,
      ...(denied && { reason: 'denied' }),
    });
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- a reader takes what arrives bit by bit
async function* nothing(): AsyncIterable<Uint8Array> {
  yield* [];
}

async function linkIfAbsent(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
