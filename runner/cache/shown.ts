import { type BigIntStats, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { hashFile } from '../fingerprint/hash.ts';
import { sameStamp, type Stamp, stampOf } from '../fingerprint/stat.ts';
import type { ArtifactFile, ArtifactFolder } from './entry.ts';
import { fileRights } from './rights.ts';

export interface ShownFile {
  /** Of the file in the cache that it shows. */
  readonly sha256: string;
  /** Of a link its own. */
  readonly stamp: Stamp;
  readonly mode?: number;
  readonly link?: string;
  /** Where it is not a copy but that file completed: what it was completed with, and what became of it. */
  readonly completed?: string;
  readonly completedSha256?: string;
}

/** What is shown of a stage. */
export interface ShownStage {
  readonly files: Readonly<Record<string, ShownFile>>;
  readonly folders?: readonly ArtifactFolder[];
}

export type ShownStages = Record<string, ShownStage>;

export interface ShownState {
  readonly format: 2;
  /** The pipeline file whose stages `artifacts/` shows. */
  pipeline: string;
  stages: ShownStages;
  /** What is kept out of sight, by pipeline file. */
  readonly others: Record<string, ShownStages>;
}

export function readShown(file: string, pipeline: string): ShownState {
  const none: ShownState = { format: 2, pipeline, stages: {}, others: {} };
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as Partial<ShownState>;
    if (state.format === 2) return { ...none, ...state };
    // As earlier versions wrote it: files by stage.
    const files = Object.entries(state as Record<string, ShownStage['files']>);
    return { ...none, stages: Object.fromEntries(files.map(([stage, shown]) => [stage, { files: shown }])) };
  } catch {
    return none;
  }
}

export function isShownAs(shown: ShownFile | undefined, file: ArtifactFile): boolean {
  return shown?.sha256 === file.sha256 && shown.mode === file.mode && shown.link === file.link;
}

export function shownOf({ sha256, mode, link }: ArtifactFile, path: string): ShownFile {
  return {
    sha256,
    stamp: stampOf(statsOf(path)!),
    ...(mode !== undefined && { mode }),
    ...(link !== undefined && { link }),
  };
}

/** The stats of a path itself, be it a link; undefined where nothing is there, or a file where a folder would be. */
export function statsOf(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

/**
 * How a shown file is now: untouched, another file of the same content as in a copied workspace, the same content in
 * another way (rights, or a second name of something else), edited, or gone.
 */
export type Condition = 'untouched' | 'same' | 'otherwise' | 'edited' | 'gone';

export async function conditionOf(path: string, shown: ShownFile): Promise<Condition> {
  const stats = statsOf(path);
  if (stats === undefined) return 'gone';
  if (sameStamp(shown.stamp, stampOf(stats))) return 'untouched';
  if (shown.link !== undefined) {
    return stats.isSymbolicLink() && readlinkSync(path) === shown.link ? 'same' : 'edited';
  }
  if (!stats.isFile() || !(await holds(path, shown.completedSha256 ?? shown.sha256))) return 'edited';
  const rights = Number(stats.mode) & 0o777;
  return stats.nlink === 1n && rights === fileRights(shown.mode) ? 'same' : 'otherwise';
}

/** Whether a path is a file of this content. */
export async function holds(path: string, sha256: string): Promise<boolean> {
  try {
    return statsOf(path)?.isFile() === true && (await hashFile(path)) === sha256;
  } catch {
    // It cannot be read.
    return false;
  }
}
