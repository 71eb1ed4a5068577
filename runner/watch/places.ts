import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Choice } from '../fingerprint/walk.ts';
import { foldersBelow } from './folders.ts';

/** A file, or a folder with all below, whose changes are wanted. It need not be there yet. */
export interface Wanted {
  /** Absolute. */
  readonly path: string;
  /** What of the folder counts; left out, all. */
  readonly choice?: Choice;
  /** Whether of a folder only the names in it count. */
  readonly namesOnly?: boolean;
}

/** Whether what happens to a name in a folder counts. A system may not tell the name. */
export type Counts = (event: 'rename' | 'change', name: string | null) => boolean;

/** The folders to be watched, each by itself, and what counts in them. */
export function placesOf(wanted: readonly Wanted[], written: readonly string[]): Map<string, Counts[]> {
  const places = new Map<string, Counts[]>();
  const add = (folder: string, counts: Counts): void => {
    const known = places.get(folder);
    if (known === undefined) places.set(folder, [counts]);
    else known.push(counts);
  };
  for (const each of wanted) addPlaces(each, written, add);
  return places;
}

function addPlaces(
  { path, choice, namesOnly }: Wanted,
  written: readonly string[],
  add: (folder: string, counts: Counts) => void,
): void {
  addName(path, add);
  if (!existsSync(path)) return;
  const real = realpathSync(path);
  if (real !== path) addName(real, add);
  if (statSync(real, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  if (namesOnly === true) {
    add(real, (event) => event === 'rename');
    return;
  }
  for (const { folder, name, all } of foldersBelow(real, choice, written)) {
    const within = (last: string): string => (name === '' ? last : `${name}/${last}`);
    add(folder, (_event, last) => {
      if (all || last === null) return true;
      return choice!.file(within(last)) || choice!.folder(within(last)) !== 'no';
    });
  }
}

/** What happens to the name itself, seen from the nearest folder that is there. */
function addName(path: string, add: (folder: string, counts: Counts) => void): void {
  let [folder, name] = [dirname(path), basename(path)];
  while (folder !== dirname(folder) && statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    [folder, name] = [dirname(folder), basename(folder)];
  }
  add(folder, (_event, last) => last === null || last === name);
}
