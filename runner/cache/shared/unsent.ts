import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Keys of what was made here and is not yet known to be in the shared store. Written down before anything is sent, so
 * that what a kill or a broken line cuts short is sent by a later run.
 */
export class Unsent {
  readonly #folder: string;
  readonly #address: string;

  /** Each store has its own: what one has, another may lack. */
  constructor(folder: string, address: string) {
    this.#folder = folder;
    this.#address = address;
  }

  async add(key: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(join(this.#folder, key), this.#address);
  }

  async remove(key: string): Promise<void> {
    await rm(join(this.#folder, key), { force: true });
  }

  async keys(): Promise<string[]> {
    const own: string[] = [];
    for (const key of await this.#list()) {
      const address = await readFile(join(this.#folder, key), 'utf8').catch(() => undefined);
      if (address === this.#address) own.push(key);
    }
    return own;
  }

  async #list(): Promise<string[]> {
    try {
      return await readdir(this.#folder);
    } catch {
      return [];
    }
  }
}
