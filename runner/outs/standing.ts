import { type BigIntStats, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Stamp, stampOf } from '../fingerprint/stat.ts';

/** Something that stands where a command's outs do. */
export interface Standing {
  /** Relative to the workspace; bytes that are not UTF-8 as `\xE9`. */
  readonly name: string;
  /** Absolute, as the file system has it. */
  readonly path: Buffer;
  readonly type: 'file' | 'folder' | 'link' | 'other';
  readonly mode: number;
  readonly links: number;
  /** Of a link its own, not of what it leads to. */
  readonly stamp: Stamp;
  /** Where a link leads, as it says it. */
  readonly link?: string;
  readonly isUtf8: boolean;
}

/** All that stands at a path of the workspace and below it, a folder before what lies in it. Links are not followed. */
export function* standingAt(workspace: string, name: string): Generator<Standing> {
  const waiting: { name: string; path: Buffer; isUtf8: boolean }[] = [
    { name, path: Buffer.from(join(workspace, name)), isUtf8: true },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const stats = statsOf(next.path);
    if (stats === undefined) continue;
    const standing: Standing = { ...next, ...described(next.path, stats) };
    yield standing;
    if (standing.type !== 'folder') continue;
    for (const entry of readdirSync(next.path, { encoding: 'buffer' })) {
      const text = entry.toString('utf8');
      const isUtf8 = Buffer.from(text, 'utf8').equals(entry);
      waiting.push({
        name: posix.join(next.name, isUtf8 ? text : escaped(entry)),
        path: Buffer.concat([next.path, Buffer.from('/'), entry]),
        isUtf8: next.isUtf8 && isUtf8,
      });
    }
  }
}

/**
 * What stands on the way to a path of the workspace and is no folder, such as a file where a folder is to be; undefined
 * where nothing is in the way.
 */
export function obstacleTo(workspace: string, name: string): Standing | undefined {
  const parts = name.split('/');
  for (let count = 1; count < parts.length; count += 1) {
    const above = parts.slice(0, count).join('/');
    const path = join(workspace, above);
    const stats = statsOf(path);
    if (stats === undefined) return undefined;
    if (stats.isDirectory() || (stats.isSymbolicLink() && isFolder(path))) continue;
    return { name: above, path: Buffer.from(path), isUtf8: true, ...described(Buffer.from(path), stats) };
  }
  return undefined;
}

function described(
  path: Buffer,
  stats: BigIntStats,
): Pick<Standing, 'type' | 'mode' | 'links' | 'stamp' | 'link'> {
  const type = stats.isDirectory()
    ? 'folder'
    : stats.isFile()
      ? 'file'
      : stats.isSymbolicLink()
        ? 'link'
        : 'other';
  const common = {
    type,
    mode: Number(stats.mode),
    links: Number(stats.nlink),
    stamp: stampOf(stats),
  } as const;
  return type === 'link' ? { ...common, link: readlinkSync(path, 'utf8') } : common;
}

function statsOf(path: string | Buffer): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

function escaped(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll(/[^\x20-\x7e]/g, (byte) => {
    return `\\x${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  });
}
