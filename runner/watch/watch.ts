import { existsSync, type FSWatcher, statSync, watch as watchPath } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const settleMilliseconds = 200;

/** Tells when any of some files or folders (with all below) changes. */
export class Watcher {
  readonly #watchers = new Map<string, FSWatcher>();
  #changed = false;
  #wake: (() => void) | undefined;

  /** Watches these and no others from now on. A path that is not there is watched by its folder. */
  watch(paths: readonly string[]): void {
    const wanted = new Set(paths.map((path) => (existsSync(path) ? path : dirname(path))).filter(existsSync));
    for (const [path, watcher] of this.#watchers) {
      if (wanted.has(path)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
    for (const path of wanted) {
      if (this.#watchers.has(path)) continue;
      const recursive = statSync(path).isDirectory();
      const watcher = watchPath(path, { recursive }, () => {
        this.#changed = true;
        this.#wake?.();
      });
      // An editor that replaces a file ends the watch on the old one; the next round watches the new one.
      watcher.on('error', () => {
        watcher.close();
        this.#watchers.delete(path);
      });
      this.#watchers.set(path, watcher);
    }
  }

  /** Resolves once something has changed since the last call and then been quiet for a moment. */
  async change(signal: AbortSignal): Promise<void> {
    while (!this.#changed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => {
          resolve();
        });
      });
      if (signal.aborted) return;
    }
    do {
      this.#changed = false;
      await wait(settleMilliseconds);
    } while (this.#changed);
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }
}
