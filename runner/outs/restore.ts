import { lstatSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Aside } from '../cache/aside.ts';
import type { ArtifactFile, ArtifactFolder, Manifest } from '../cache/entry.ts';
import { Placing } from '../cache/place.ts';
import { folderRights, statedFileMode, statedFolderMode } from '../cache/rights.ts';
import { hashFile } from '../fingerprint/hash.ts';
import { sameStamp, stampOf } from '../fingerprint/stat.ts';
import { foreignFailure, removeStanding, standingAtAll } from './clear.ts';
import type { OutLedger } from './ledger.ts';
import type { Standing } from './standing.ts';

/** Where outs differ from an artifact. */
interface Difference {
  /** Made by no run. */
  readonly foreign: readonly string[];
  /** Made by a run, and edited since. */
  readonly edited: readonly Standing[];
  readonly toRemove: readonly Standing[];
  readonly filesToPlace: readonly ArtifactFile[];
  readonly foldersToMake: readonly ArtifactFolder[];
}

/** Where something was moved, relative to the workspace. */
export interface Moved {
  readonly from: string;
  readonly to: string;
}

/** Whether the outs of a stage are what its artifact says, by looking at no file's content that has not been touched. */
export async function outsShow(
  ledger: OutLedger,
  outs: readonly string[],
  manifest: Manifest,
): Promise<boolean> {
  return Object.values(await compare(ledger, outs, manifest)).every(({ length }) => length === 0);
}

/**
 * Puts the outs of a stage where its command leaves them: all of its artifact, with rights, links and empty folders, and
 * nothing else. What is as it was is left alone. What was edited since the run looked is moved aside; gives its old and
 * new paths. Throws a StageFailure, and changes nothing, where something is in the way that no stage made.
 */
export async function restoreOuts(
  ledger: OutLedger,
  outs: readonly string[],
  manifest: Manifest,
  store: { readonly temporary: string; readonly aside: Aside; path(sha256: string): string },
): Promise<readonly Moved[]> {
  const { foreign, edited, toRemove, filesToPlace, foldersToMake } = await compare(ledger, outs, manifest);
  if (foreign.length > 0) throw foreignFailure(foreign);
  if (edited.length + toRemove.length + filesToPlace.length + foldersToMake.length === 0) {
    await ledger.save();
    return [];
  }
  const moved: Moved[] = [];
  for (const { name, path } of edited) {
    moved.push({ from: name, to: await store.aside.keep(name, path, 'edited') });
    ledger.forget(name);
  }
  const placing = new Placing(store.temporary);
  const place = (name: string): string => join(ledger.workspace, name);
  await removeStanding(ledger, toRemove);
  for (const { path, type, mode } of standingAtAll(ledger.workspace, outs)) {
    if (type === 'folder' && (mode & 0o300) !== 0o300) await chmod(path, (mode & 0o777) | 0o700);
  }
  for (const { name, sha256, mode, link } of filesToPlace) {
    if (link === undefined) await placing.copy(store.path(sha256), place(name), mode);
    else await placing.link(link, place(name));
    const stamp = stampOf(lstatSync(place(name), { bigint: true }));
    ledger.set(name, {
      stamp,
      sha256,
      ...(mode !== undefined && { mode }),
      ...(link !== undefined && { link }),
    });
  }
  for (const { name, link } of foldersToMake) {
    if (link === undefined) {
      await mkdir(place(name), { recursive: true });
      continue;
    }
    await placing.link(link, place(name));
    ledger.set(name, { stamp: stampOf(lstatSync(place(name), { bigint: true })), link });
  }
  const stated = new Map(manifest.folders?.map(({ name, mode }) => [name, mode]));
  // What lies in a folder first: nothing can be put into one without the right to write.
  for (const { name, path, type, mode } of [...standingAtAll(ledger.workspace, outs)].toReversed()) {
    if (type !== 'folder') continue;
    const rights = folderRights(stated.get(name));
    if ((mode & 0o777) !== rights) await chmod(path, rights);
  }
  await ledger.save();
  return moved;
}

async function compare(
  ledger: OutLedger,
  outs: readonly string[],
  { files, folders = [] }: Manifest,
): Promise<Difference> {
  const wantedFiles = new Map(files.map((file) => [file.name, file]));
  const wantedFolders = new Map(folders.map((folder) => [folder.name, folder]));
  const holding = new Set([...files, ...folders].flatMap(({ name }) => foldersOf(name)));
  const found = new Set<string>();
  const foreign: string[] = [];
  const edited: Standing[] = [];
  const toRemove: Standing[] = [];
  for (const one of standingAtAll(ledger.workspace, outs)) {
    const { name, type } = one;
    const file = wantedFiles.get(name);
    const folder = wantedFolders.get(name);
    if (type === 'folder') {
      const isWanted = holding.has(name) || (folder !== undefined && folder.link === undefined);
      if (!isWanted) toRemove.push(one);
      else if (statedFolderMode(one.mode) === folder?.mode) found.add(name);
    } else if (file !== undefined && (await shows(ledger, one, file))) found.add(name);
    else if (folder?.link !== undefined && folder.link === one.link) {
      ledger.set(name, { stamp: one.stamp, link: one.link });
      found.add(name);
    } else if ((await ledger.owns(one)) || (file !== undefined && (await hasBytesOf(one, file)))) {
      toRemove.push(one);
    } else if (ledger.get(name) !== undefined) edited.push(one);
    else foreign.push(name);
  }
  return {
    foreign,
    edited,
    toRemove,
    filesToPlace: files.filter(({ name }) => !found.has(name)),
    foldersToMake: folders.filter(({ name }) => !found.has(name)),
  };
}

function foldersOf(name: string): string[] {
  const above: string[] = [];
  for (let folder = posix.dirname(name); folder !== '.'; folder = posix.dirname(folder)) above.push(folder);
  return above;
}

async function shows(ledger: OutLedger, standing: Standing, file: ArtifactFile): Promise<boolean> {
  const { name, type, stamp, mode, links } = standing;
  const made = ledger.get(name);
  if (
    made?.sha256 === file.sha256 &&
    made.mode === file.mode &&
    made.link === file.link &&
    sameStamp(made.stamp, stamp)
  ) {
    return true;
  }
  const same =
    file.link === undefined
      ? type === 'file' &&
        links === 1 &&
        statedFileMode(mode) === file.mode &&
        (await hasBytesOf(standing, file))
      : type === 'link' && standing.link === file.link;
  if (!same) return false;
  const { sha256, link } = file;
  ledger.set(name, {
    stamp,
    sha256,
    ...(file.mode !== undefined && { mode: file.mode }),
    ...(link !== undefined && { link }),
  });
  return true;
}

async function hasBytesOf({ type, stamp, path }: Standing, file: ArtifactFile): Promise<boolean> {
  return type === 'file' && stamp.size === file.size && (await hashFile(path)) === file.sha256;
}
