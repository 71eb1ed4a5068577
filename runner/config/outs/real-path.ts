import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Where a path leads: links on its way are followed, the path itself is not. What is not there yet lies where it would
 * be made.
 *
 * @param path absolute
 */
export function realPlace(path: string): string {
  const folder = dirname(path);
  return folder === path ? path : join(realFolder(folder), basename(path));
}

/** Every place that a path stands for: its own, and where it leads if it is a link itself. */
export function realPlaces(path: string): string[] {
  return [...new Set([realPlace(path), realFolder(path)])];
}

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // It is not there, or a link that leads nowhere.
    return realPlace(path);
  }
}

export type Relation = 'same' | 'inside' | 'holds' | undefined;

/**
 * How one real place lies to another. Names that differ only in case, or in how an accent is composed, count as one: on
 * many disks they are.
 */
export function relationOf(place: string, other: string): Relation {
  const [a, b] = [folded(place), folded(other)];
  if (a === b) return 'same';
  if (a.startsWith(b === '/' ? b : `${b}/`)) return 'inside';
  return b.startsWith(a === '/' ? a : `${a}/`) ? 'holds' : undefined;
}

/** Tells at once that a place has nothing to do with any of many others, which is so of nearly all. */
export class Places {
  readonly #places = new Set<string>();
  readonly #above = new Set<string>();

  add(place: string): void {
    const path = folded(place);
    this.#places.add(path);
    for (const folder of foldersOf(path)) this.#above.add(folder);
  }

  /** Whether any of them is the place, lies in it, or holds it. */
  meet(place: string): boolean {
    const path = folded(place);
    return (
      this.#places.has(path) ||
      this.#above.has(path) ||
      foldersOf(path).some((folder) => this.#places.has(folder))
    );
  }
}

/** `/a/b/c` → `/a/b`, `/a`, `/`. */
function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.push(folder);
    if (dirname(folder) === folder) return folders;
  }
}

function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
