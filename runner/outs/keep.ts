import { constants, lstatSync, readdirSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';
import type { ArtifactFile, ArtifactFolder, ArtifactShape } from '../cache/entry.ts';
import { digestOfFiles } from '../cache/entry.ts';
import { statedFileMode, statedFolderMode } from '../cache/rights.ts';
import { hashFile } from '../fingerprint/hash.ts';
import { StageFailure } from '../kind/index.ts';

/** A file of a command's outs, as its artifact has it. */
interface OutFile extends Pick<ArtifactFile, 'name' | 'mode' | 'link'> {
  /** Absolute, of what its bytes are read from. */
  readonly path: string;
}

interface Outs {
  readonly files: readonly OutFile[];
  readonly folders: readonly ArtifactFolder[];
}

/**
 * What an artifact keeps of a command's outs: bytes, rights, empty folders, and links that are relative and lead to
 * something within the outs. Of another link it keeps what lies at its end. Throws a StageFailure where something cannot
 * be kept: a link that leads nowhere or to what holds it, a pipe, a socket, a device, a name that is not UTF-8.
 */
function readOuts(workspace: string, outs: readonly string[]): Outs {
  const files: OutFile[] = [];
  const folders: ArtifactFolder[] = [];
  const roots = outs.map((out) => realpathSync(join(workspace, out)));

  const readFile = (name: string, path: string, { mode }: Stats): void => {
    const stated = statedFileMode(mode);
    files.push({ name, path, ...(stated !== undefined && { mode: stated }) });
  };
  const readFolder = (name: string, path: string, { mode }: Stats, above: readonly string[]): void => {
    const real = realpathSync(path);
    if (above.includes(real)) {
      const hint = 'Let it lead elsewhere, or let the command not make it.';
      throw new StageFailure(`${name} leads to a folder that it lies in itself`, { hint });
    }
    const inside = namesIn(name, path);
    const stated = statedFolderMode(mode);
    if (inside.length === 0 || stated !== undefined) {
      folders.push({ name, ...(stated !== undefined && { mode: stated }) });
    }
    for (const entry of inside) read(posix.join(name, entry), join(path, entry), [...above, real]);
  };
  const read = (name: string, path: string, above: readonly string[]): void => {
    const own = lstatSync(path);
    const stats = own.isSymbolicLink() ? endOf(name, path) : own;
    const link = own.isSymbolicLink() ? innerLink(name, path, outs, roots) : undefined;
    if (stats.isDirectory()) {
      if (link === undefined) readFolder(name, path, stats, above);
      else folders.push({ name, link });
    } else if (stats.isFile()) {
      if (link === undefined) readFile(name, path, stats);
      else files.push({ name, path, link });
    } else {
      const hint = 'An artifact is made of files and folders; let the command remove it when it ends.';
      throw new StageFailure(`${name} is neither a file nor a folder`, { hint });
    }
  };
  for (const out of outs) {
    const path = join(workspace, out);
    read(out, path, [realpathSync(dirname(path))]);
  }
  const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
    a.name < b.name ? -1 : 1;
  return { files: files.sort(byName), folders: folders.sort(byName) };
}

/** Copies the outs of a command into the folder of its artifact, and tells what of them is more than bytes. */
export async function keepOuts(
  workspace: string,
  outs: readonly string[],
  output: string,
): Promise<ArtifactShape> {
  const { files, folders } = readOuts(workspace, outs);
  for (const { name, path } of files) {
    const to = join(output, name);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(path, to, constants.COPYFILE_FICLONE);
  }
  const shapes = files.map((file): [string, Pick<ArtifactFile, 'mode' | 'link'>] => {
    const { mode, link } = file;
    return [file.name, { ...(mode !== undefined && { mode }), ...(link !== undefined && { link }) }];
  });
  return { files: new Map(shapes), folders };
}

/** The digest that the artifact of these outs has; undefined where there is none. */
export async function digestOfOuts(workspace: string, outs: readonly string[]): Promise<string | undefined> {
  try {
    const { files, folders } = readOuts(workspace, outs);
    const contents = [];
    for (const { path, ...file } of files) contents.push({ ...file, content: await hashFile(path) });
    return digestOfFiles(contents, folders);
  } catch {
    // Something is missing, or cannot be kept.
    return undefined;
  }
}

function namesIn(name: string, path: string): string[] {
  return readdirSync(path, { encoding: 'buffer' }).map((entry) => {
    const text = entry.toString('utf8');
    if (Buffer.from(text, 'utf8').equals(entry)) return text;
    const hint = 'Let the command give it another name.';
    throw new StageFailure(`${posix.join(name, entry.toString('latin1'))} has a name that is not UTF-8`, {
      hint,
    });
  });
}

function endOf(name: string, path: string): Stats {
  try {
    return statSync(path);
  } catch {
    const hint = 'Write the file itself, or a link to one that is there.';
    throw new StageFailure(`${name} is a link that leads nowhere (${readlinkSync(path)})`, { hint });
  }
}

/** The text of a link that is relative and leads to something within the outs. */
function innerLink(
  name: string,
  path: string,
  outs: readonly string[],
  roots: readonly string[],
): string | undefined {
  const link = readlinkSync(path);
  if (posix.isAbsolute(link)) return undefined;
  const end = posix.join(posix.dirname(name), link).replace(/\/$/, '');
  const real = realpathSync(path);
  const isInside = (within: readonly string[], place: string, slash: string): boolean =>
    within.some((root) => place === root || place.startsWith(`${root}${slash}`));
  return isInside(outs, end, '/') && isInside(roots, real, sep) ? link : undefined;
}
