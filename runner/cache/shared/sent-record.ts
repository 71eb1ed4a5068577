import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../../fingerprint/hash.ts';

/**
 * What this machine knows of its own entries in a shared store: which are there, and which were made while the store was
 * named and are not there yet. The latter is written down before anything is sent, so that what a kill or a broken line
 * cuts short is sent by a later run. Each store has a record of its own: what one has, another may lack.
 */
export class SentRecord {
  readonly #folder: string;

  constructor(folder: string, address: string) {
    this.#folder = join(folder, sha256(address).slice(0, 16));
  }

  isSent(key: string): boolean {
    return existsSync(this.#sent(key));
  }

  async expect(key: string): Promise<void> {
    await rm(this.#sent(key), { force: true });
    await touch(this.#unsent(key));
  }

  async sent(key: string): Promise<void> {
    await touch(this.#sent(key));
    await this.giveUp(key);
  }

  /** No longer waits for it to be sent. */
  async giveUp(key: string): Promise<void> {
    await rm(this.#unsent(key), { force: true });
  }

  async unsent(): Promise<string[]> {
    try {
      return await readdir(join(this.#folder, 'unsent'));
    } catch {
      return [];
    }
  }

  #sent(key: string): string {
    return join(this.#folder, 'sent', key);
  }

  #unsent(key: string): string {
    return join(this.#folder, 'unsent', key);
  }
}

async function touch(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '');
}
