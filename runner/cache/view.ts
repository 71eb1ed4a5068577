import { chmodSync, constants, readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sameStamp, type Stamp, stampPath } from '../fingerprint/stat.ts';
import { writeDurably } from './durable.ts';
import type { Manifest } from './entry.ts';

interface ShownFile {
  readonly sha256: string;
  readonly stamp: Stamp;
}

/** What each folder of the view shows, by folder and file. */
type Shown = Record<string, Record<string, ShownFile>>;

/**
 * `artifacts/<stage>/`: the current artifact of each stage, for people to open. Files are clones (copy-on-write) where
 * the file system can, copies elsewhere; never links, since an edit through a link would reach into the cache. Files
 * that have not changed are left alone; files that someone edited are put back.
 */
export class View {
  readonly #root: string;
  readonly #state: string;
  readonly #shown: Shown;

  constructor(root: string, state: string) {
    this.#root = root;
    this.#state = state;
    this.#shown = readShown(state);
  }

  /** Absolute path of the folder that shows a stage's artifact. */
  folder(stage: string): string {
    return join(this.#root, viewFolder(stage));
  }

  /** Shows an artifact under a stage's name. Returns the files that had been edited and were put back. */
  async show(
    stage: string,
    manifest: Manifest,
    pathOf: (sha256: string) => string,
  ): Promise<readonly string[]> {
    const folder = viewFolder(stage);
    const before = this.#shown[folder] ?? {};
    const after: Record<string, ShownFile> = {};
    const restored: string[] = [];
    let changed = Object.keys(before).length !== manifest.files.length;
    for (const file of manifest.files) {
      const target = join(this.#root, folder, file.name);
      const stamp = stampPath(target);
      const shown = before[file.name];
      if (stamp !== undefined && shown?.sha256 === file.sha256 && sameStamp(shown.stamp, stamp)) {
        after[file.name] = shown;
        continue;
      }
      if (stamp !== undefined && shown?.sha256 === file.sha256) restored.push(`${folder}/${file.name}`);
      const temporary = `${target}.${process.pid}.tmp`;
      await mkdir(dirname(target), { recursive: true });
      await copyFile(pathOf(file.sha256), temporary, constants.COPYFILE_FICLONE);
      chmodSync(temporary, 0o644);
      await rename(temporary, target);
      after[file.name] = { sha256: file.sha256, stamp: stampPath(target)! };
      changed = true;
    }
    for (const name of Object.keys(before)) {
      if (!(name in after)) await rm(join(this.#root, folder, name), { force: true });
    }
    if (changed) {
      await removeEmptyFolders(join(this.#root, folder));
      this.#shown[folder] = after;
      await writeDurably(this.#state, JSON.stringify(this.#shown));
    }
    return restored;
  }
}

/** `train[cnn,mfcc]` → `train/cnn-mfcc`. */
export function viewFolder(stage: string): string {
  const match = /^([^[]+)\[(.*)\]$/.exec(stage);
  return match === null ? stage : `${match[1]}/${match[2].replaceAll(',', '-').replaceAll('/', '-')}`;
}

function readShown(file: string): Shown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Shown;
  } catch {
    return {};
  }
}

async function removeEmptyFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const inside = join(folder, entry.name);
    await removeEmptyFolders(inside);
    if ((await readdir(inside)).length === 0) await rm(inside, { recursive: true });
  }
}
