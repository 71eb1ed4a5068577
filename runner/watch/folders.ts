import { type Dirent, opendirSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import type { Choice } from '../fingerprint/walk.ts';
import { isWritten } from './written.ts';

export interface WatchedFolder {
  readonly folder: string;
  /** Relative to where it was looked for, with forward slashes. */
  readonly name: string;
  /** Whether all that lies in it counts. */
  readonly all: boolean;
}

/**
 * A folder and those below it, links followed and each once, whatever path leads to it. What cannot be read is passed over:
 * the run says so.
 */
export function* foldersBelow(
  root: string,
  choice: Choice | undefined,
  written: readonly string[],
): Generator<WatchedFolder> {
  const known = new Set<string>();
  const waiting: WatchedFolder[] = [{ folder: root, name: '', all: choice === undefined }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const id = idOf(next.folder);
    if (id === undefined || known.has(id)) continue;
    known.add(id);
    yield next;
    for (const last of namesOfFolders(next.folder)) {
      const folder = `${next.folder === sep ? '' : next.folder}${sep}${last}`;
      if (last === '.git' || isWritten(folder, written)) continue;
      const name = next.name === '' ? last : `${next.name}/${last}`;
      const wanted = next.all ? 'all' : choice!.folder(name);
      if (wanted !== 'no') waiting.push({ folder, name, all: wanted === 'all' });
    }
  }
}

function idOf(folder: string): string | undefined {
  try {
    const stats = statSync(folder, { bigint: true, throwIfNoEntry: false });
    return stats?.isDirectory() === true ? `${stats.dev}:${stats.ino}` : undefined;
  } catch {
    return undefined;
  }
}

function namesOfFolders(folder: string): string[] {
  const names: string[] = [];
  try {
    const directory = opendirSync(folder, { bufferSize: 256 });
    try {
      for (let entry: Dirent | null; (entry = directory.readSync()) !== null;) {
        if (entry.isDirectory() || entry.isSymbolicLink()) names.push(entry.name);
      }
    } finally {
      directory.closeSync();
    }
  } catch {
    // It went, or may not be read.
  }
  return names;
}
