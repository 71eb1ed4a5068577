import { type BigIntStats, statSync } from 'node:fs';

/** What tells two states of a file apart without reading it. */
export interface Stamp {
  readonly size: number;
  readonly modified: string;
  readonly changed: string;
  readonly inode: string;
}

export function stampOf(stats: BigIntStats): Stamp {
  return {
    size: Number(stats.size),
    modified: stats.mtimeNs.toString(),
    changed: stats.ctimeNs.toString(),
    inode: stats.ino.toString(),
  };
}

/** The stamp of a path as it is now, or undefined where nothing is there. */
export function stampPath(path: string): Stamp | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : stampOf(stats);
}

export function sameStamp(a: Stamp | undefined, b: Stamp | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;
}
