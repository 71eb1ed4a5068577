import { existsSync, type FSWatcher, realpathSync, statSync, watch as watchPath } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const settleMilliseconds = 200;

/** Tells when any of some files or folders (with all below) changes. */
export class Watcher {
  readonly #watchers = new Map<string, FSWatcher>();
  #changed = false;
  #wake: (() => void) | undefined;

  /** Watches these and no others from now on. A path that is not there is awaited in the nearest folder that is. */
  watch(paths: readonly string[]): void {
    const wanted = places(paths);
    for (const [path, watcher] of this.#watchers) {
      if (wanted.has(path)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
    for (const [path, recursive] of wanted) {
      if (this.#watchers.has(path)) continue;
      const watcher = watchPath(path, { recursive }, () => {
        this.#changed = true;
        this.#wake?.();
      });
      const forget = (): void => {
        watcher.close();
        if (this.#watchers.get(path) === watcher) this.#watchers.delete(path);
      };
      // An editor that replaces a file ends the watch on the old one; the next round watches the new one.
      watcher.on('error', forget);
      if (!recursive)
        watcher.on('change', (event) => {
          if (event === 'rename') forget();
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

/** Where to watch, and whether with all below. What lies in a folder that is watched anyway is left out. */
function places(paths: readonly string[]): Map<string, boolean> {
  const found = new Map<string, boolean>();
  const real = paths.map((path) => (existsSync(path) ? realpathSync(path) : path)).sort();
  let within: string | undefined;
  for (const path of real) {
    if (within !== undefined && path.startsWith(`${within}/`)) continue;
    let there = path;
    while (!existsSync(there)) there = dirname(there);
    const recursive = there === path && statSync(path).isDirectory();
    if (recursive) within = path;
    found.set(there, (found.get(there) ?? false) || recursive);
  }
  return found;
}
