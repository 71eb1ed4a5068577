import { type FSWatcher, statSync, watch as watchFolder } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PipelineError } from '../errors.ts';
import type { Watched } from './paths.ts';
import { type Counts, placesOf } from './places.ts';
import { isWritten } from './written.ts';

const settleMilliseconds = 200;

interface Place {
  readonly watcher: FSWatcher;
  /** Of the folder itself: another one may have come in its place. */
  readonly inode: bigint | undefined;
  counts: readonly Counts[];
}

/** Tells when something of what is wanted changes: folder by folder, since names come and go in them. */
export class Watcher {
  readonly #places = new Map<string, Place>();
  #written: readonly string[] = [];
  #changed = false;
  #wake: (() => void) | undefined;

  /**
   * Watches these and no others from now on. A path that is not there is awaited in the nearest folder that is.
   *
   * @throws PipelineError where there are more folders than the system watches.
   */
  watch({ wanted, written }: Watched): void {
    this.#written = written;
    const places = placesOf(wanted, written);
    for (const [folder, { watcher, inode }] of this.#places) {
      if (places.has(folder) && inode === inodeOf(folder)) continue;
      watcher.close();
      this.#places.delete(folder);
    }
    for (const [folder, counts] of places) {
      const known = this.#places.get(folder);
      if (known === undefined) this.#begin(folder, counts);
      else known.counts = counts;
    }
  }

  /** Resolves once something has changed since the last call and then been quiet for a moment. */
  async change(signal: AbortSignal): Promise<void> {
    while (!this.#changed) {
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener('abort', wake);
      });
    }
    do {
      this.#changed = false;
      await wait(settleMilliseconds);
    } while (this.#changed);
  }

  close(): void {
    for (const { watcher } of this.#places.values()) watcher.close();
    this.#places.clear();
  }

  #begin(folder: string, counts: readonly Counts[]): void {
    const inode = inodeOf(folder);
    try {
      const watcher = watchFolder(folder, (event, name) => {
        this.#happened(folder, event, name);
      });
      // It is gone; where it is wanted, the folder above tells when it comes back.
      watcher.on('error', () => {
        watcher.close();
        if (this.#places.get(folder)?.watcher === watcher) this.#places.delete(folder);
      });
      this.#places.set(folder, { watcher, inode, counts });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Gone since it was looked at, or closed to us: the run says what cannot be read.
      if (code !== 'ENOSPC' && code !== 'EMFILE') return;
      const hint = 'Raise the limit: sysctl fs.inotify.max_user_watches, fs.inotify.max_user_instances';
      const message = `the system watches no more folders, ${this.#places.size} so far`;
      throw new PipelineError([{ message, place: { file: folder }, hint }], 1);
    }
  }

  #happened(folder: string, event: 'rename' | 'change', name: string | null): void {
    if (name !== null && isWritten(join(folder, name), this.#written)) return;
    if (this.#places.get(folder)?.counts.some((counts) => counts(event, name)) !== true) return;
    this.#changed = true;
    this.#wake?.();
  }
}

function inodeOf(folder: string): bigint | undefined {
  return statSync(folder, { bigint: true, throwIfNoEntry: false })?.ino;
}
