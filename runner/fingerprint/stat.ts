import { type BigIntStats, type Stats, statSync } from 'node:fs';
import { StageFailure } from '../kind/index.ts';
import { onDisk } from './file-names.ts';

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

/**
 * A stamp as four numbers: size, time of modification, time of change, inode. Of a corpus each file has one at each run,
 * and text would have to be made and read again.
 */
export type StampNumbers = BigInt64Array<ArrayBuffer>;

export function numbersOf({ size, modified, changed, inode }: Stamp): StampNumbers {
  return BigInt64Array.of(BigInt(size), BigInt(modified), BigInt(changed), BigInt(inode));
}

export function stampOfNumbers([size, modified, changed, inode]: StampNumbers): Stamp {
  return {
    size: Number(size),
    modified: modified.toString(),
    changed: changed.toString(),
    inode: BigInt.asUintN(64, inode).toString(),
  };
}

/** The same memory as bytes, in this machine's order: they serve this machine alone. */
export function bytesOfNumbers(numbers: StampNumbers): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** The stamp of a path as it is now, in numbers; undefined where nothing is there. */
export function numbersOfPath(path: string): StampNumbers | undefined {
  const stats = statSync(onDisk(path), { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : numbersOfStats(stats);
}

export function numbersOfStats(stats: BigIntStats): StampNumbers {
  return BigInt64Array.of(stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino);
}

export function sameNumbers(a: StampNumbers, b: StampNumbers): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

/** The stamp of a path as it is now, or undefined where nothing is there. */
export function stampPath(path: string): Stamp | undefined {
  const stats = statSync(onDisk(path), { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : stampOf(stats);
}

export function sameStamp(a: Stamp | undefined, b: Stamp | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;
}

/** What something that is neither a file nor a folder is. */
export function whatItIs(stats: Pick<Stats, 'isDirectory' | 'isFIFO' | 'isSocket'>): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a pipe';
  return stats.isSocket() ? 'a socket' : 'a device';
}

/** The failure of reading what is no file. */
export function notRead(what: string, place: string): StageFailure {
  const hint = 'Remove it, or let the stage read another file or folder.';
  return new StageFailure(`it is ${what}, and only files and folders are read`, { place, hint });
}
