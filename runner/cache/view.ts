import { randomBytes } from 'node:crypto';
import { chmodSync, constants, lstatSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { hashFile, sha256 as digestOf } from '../fingerprint/hash.ts';
import { sameStamp, type Stamp, stampPath } from '../fingerprint/stat.ts';
import { writeDurably } from './durable.ts';
import type { Manifest } from './entry.ts';

interface ShownFile {
  /** Of the file in the cache that it shows. */
  readonly sha256: string;
  readonly stamp: Stamp;
  /** Where it is not a copy but that file completed: what it was completed with, and what became of it. */
  readonly completed?: string;
  readonly completedSha256?: string;
}

/** What the view shows, by stage and file. */
type Shown = Record<string, Record<string, ShownFile>>;

/**
 * Artifacts where people and commands look for them: `artifacts/<stage>/` shows the current artifact of each stage, and
 * the outs of a command stage lie where the command writes them. Files are clones (copy-on-write) where the file system
 * can, copies elsewhere; never links, since an edit through a link would reach into the cache. Files that have not
 * changed are left alone; files that someone edited are put back.
 */
export class View {
  readonly #root: string;
  readonly #state: string;
  readonly #folderOf: (stage: string) => string;
  readonly #shown: Shown;

  /** `state` is the file that remembers what is shown; `folderOf` gives a stage's folder below `root`. */
  constructor(root: string, state: string, folderOf: (stage: string) => string = viewFolder) {
    this.#root = root;
    this.#state = state;
    this.#folderOf = folderOf;
    this.#shown = readShown(state);
  }

  /** Absolute path of the folder that shows a stage's artifact. */
  folder(stage: string): string {
    return join(this.#root, this.#folderOf(stage));
  }

  /** Shows an artifact under a stage's name. Returns the files that had been edited and were put back. */
  async show(
    stage: string,
    manifest: Manifest,
    pathOf: (sha256: string) => string,
  ): Promise<readonly string[]> {
    const folder = this.folder(stage);
    const before = this.#shown[stage] ?? {};
    const after: Record<string, ShownFile> = {};
    const restored: string[] = [];
    let changed = Object.keys(before).length !== manifest.files.length;
    let copied = false;
    for (const file of manifest.files) {
      const target = join(folder, file.name);
      const stamp = stampPath(target);
      const shown = before[file.name];
      if (stamp !== undefined && shown?.sha256 === file.sha256) {
        if (sameStamp(shown.stamp, stamp)) {
          after[file.name] = shown;
          continue;
        }
        if (await holds(target, shown.completedSha256 ?? shown.sha256)) {
          // The workspace itself was copied, say: this is another file of the same content.
          after[file.name] = { ...shown, stamp };
          copied = true;
          continue;
        }
        restored.push(relative(this.#root, target));
      }
      await this.#place((temporary) => copyTo(temporary, pathOf(file.sha256)), target);
      after[file.name] = { sha256: file.sha256, stamp: stampPath(target)! };
      changed = true;
    }
    for (const name of Object.keys(before)) {
      if (!(name in after)) await removeWithEmptyFolders(join(folder, name), folder);
    }
    if (changed) {
      // Files are completed together: one that is a plain copy again makes all of its stage due.
      for (const [name, { sha256, stamp }] of Object.entries(after)) after[name] = { sha256, stamp };
    }
    if (changed || copied) {
      this.#shown[stage] = after;
      await writeDurably(this.#state, JSON.stringify(this.#shown));
    }
    return restored;
  }

  /** The files that show a stage's artifact, by absolute path, with the stamps they were given. */
  stamps(stage: string): [string, Stamp][] {
    const folder = this.folder(stage);
    return Object.entries(this.#shown[stage] ?? {}).map(([name, { stamp }]) => [join(folder, name), stamp]);
  }

  /** What the files of a stage were completed with; undefined where none is. */
  completedWith(stage: string): string | undefined {
    return Object.values(this.#shown[stage] ?? {}).find(({ completed }) => completed !== undefined)
      ?.completed;
  }

  /**
   * Shows in the place of a file that is shown already the same file with more in it, such as how long its stages took.
   * The cache keeps the file as the stage made it; the completed one stays until the stage makes another.
   */
  async complete(stage: string, file: string, text: string, completed: string): Promise<void> {
    const target = join(this.folder(stage), file);
    await this.#place((temporary) => writeFile(temporary, text, { mode: rights }), target);
    const { sha256 } = this.#shown[stage][file];
    const completedSha256 = digestOf(text);
    this.#shown[stage][file] = { sha256, stamp: stampPath(target)!, completed, completedSha256 };
    await writeDurably(this.#state, JSON.stringify(this.#shown));
  }

  /** Written beside the state first, so that a killed copy leaves nothing among what people look at. */
  async #place(write: (path: string) => Promise<void>, to: string): Promise<void> {
    const name = `view-${process.pid}-${randomBytes(4).toString('hex')}`;
    const temporary = join(dirname(this.#state), 'tmp', name);
    await mkdir(dirname(temporary), { recursive: true });
    await write(temporary);
    await mkdir(dirname(to), { recursive: true });
    // Somebody may have put a folder in its place.
    if (lstatSync(to, { throwIfNoEntry: false })?.isDirectory() === true) await rm(to, { recursive: true });
    try {
      await rename(temporary, to);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      // Outs may lie on another disk than artifacts/.
      const beside = join(dirname(to), `.${name}`);
      await copyTo(beside, temporary);
      await rm(temporary);
      await rename(beside, to);
    }
  }
}

/** Whether a path is a file as it is shown: with this content and the usual rights, and no link into the cache. */
async function holds(path: string, sha256: string): Promise<boolean> {
  try {
    const stats = lstatSync(path);
    const own = stats.isFile() && stats.nlink === 1 && (stats.mode & 0o777) === rights;
    return own && (await hashFile(path)) === sha256;
  } catch {
    // It is a folder, or cannot be read.
    return false;
  }
}

/** Of every file that is shown. */
const rights = 0o644;

async function copyTo(to: string, from: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    chmodSync(to, rights);
  } catch (error) {
    await rm(to, { force: true });
    throw error;
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

/** Removes a file, and the folders it leaves empty up to `root`, which stays. */
async function removeWithEmptyFolders(path: string, root: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  for (let folder = dirname(path); folder !== root && folder.startsWith(root); folder = dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      // It is gone already, or something else lies in it.
      return;
    }
  }
}
