import { type BigIntStats, constants, opendirSync, readdirSync, statSync } from 'node:fs';
import { posix, sep } from 'node:path';
import { StageFailure } from '../kind/index.ts';
import { nameOfBytes, onDisk, replacement, shownName } from './file-names.ts';
import { notRead, numbersOfStats, type StampNumbers, whatItIs } from './stat.ts';

/** What is found in a tree, by its name there: with forward slashes, and empty for the root. */
export interface Found {
  readonly type: 'file' | 'folder' | 'circle';
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** All zeros of a folder that the runner writes to. */
  readonly numbers: StampNumbers;
  /** Of a file: its executable bits. */
  readonly executable: number;
  /** Of a circle, a link to a folder that it lies in: the name of that folder. */
  readonly leadsTo?: string;
}

/** What of a folder is wanted. Names are those of `Found`. */
export interface Choice {
  file(name: string): boolean;
  /** A folder may be wanted with all that lies in it, or only looked through. */
  folder(name: string): 'all' | 'look' | 'no';
}

export interface WalkOptions {
  /** The root as the user named it, for errors. */
  readonly root: string;
  /** The runner's own files, which no tree holds. */
  readonly own?: OwnFiles | undefined;
  /** Left out, all is wanted. */
  readonly choice?: Choice | undefined;
}

/** What the runner itself writes in a workspace. */
export interface OwnFiles {
  readonly workspace: string;
  /** Names of files and folders that lie there. */
  readonly names: readonly string[];
}

/** More paths than these to one folder are not followed: links that lead to each other make 2^n of them. */
const mostPaths = 1000;

const noNumbers: StampNumbers = new BigInt64Array(4);

/** A folder that is being gone through. */
interface Frame {
  readonly path: string;
  /** With a slash at its end, but for the root's. */
  readonly prefix: string;
  readonly id: string;
  readonly listing: Listing;
  /** How much of the listing is behind. */
  at: number;
  /** Whether all that lies in it is wanted. */
  readonly all: boolean;
  /** Whether a link led to it, or to what it lies in. */
  readonly linked: boolean;
  /** The same folder, entered before and not wanted as a whole there. */
  readonly outer: Frame | undefined;
}

/**
 * What lies at a path and below, in the order of the names as a whole; nothing where nothing is there. Links are
 * followed. A repository's own `.git` is left out.
 *
 * @throws StageFailure where something cannot be read: a link that leads nowhere, a pipe, a device.
 */
export function* walk(path: string, options: WalkOptions): Generator<Found> {
  const stats = look(path, options.root, '');
  if (stats === undefined) return;
  if (!isFolder(stats)) {
    yield foundFile(path, stats, options.root, '');
    return;
  }
  yield* walkFolder(path, stats, options);
}

function* walkFolder(path: string, stats: BigIntStats, options: WalkOptions): Generator<Found> {
  const { root, choice } = options;
  const own = ownOf(options.own);
  const frames: Frame[] = [];
  /** The folders that are being gone through, by what they are. */
  const open = new Map<string, Frame>();
  /** How many paths of links have led to a folder. */
  const paths = new Map<string, number>();
  const enter = (name: string, at: string, id: string, how: Pick<Frame, 'all' | 'linked'>): void => {
    const prefix = name === '' ? '' : `${name}/`;
    const listing = listFolder(at, own.namesIn(id), root, prefix);
    const frame = { path: at, prefix, id, listing, at: 0, outer: open.get(id), ...how };
    frames.push(frame);
    open.set(id, frame);
  };
  const leave = ({ id, outer }: Frame): void => {
    frames.pop();
    if (outer === undefined) open.delete(id);
    else open.set(id, outer);
  };
  const numbersOf = (of: BigIntStats): StampNumbers =>
    own.namesIn(idOf(of)).length > 0 ? noNumbers : numbersOfStats(of);

  if (choice === undefined)
    yield { type: 'folder', name: '', path, numbers: numbersOf(stats), executable: 0 };
  enter('', path, idOf(stats), { all: choice === undefined, linked: false });
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (frame.at === frame.listing.entries.length) {
      leave(frame);
      continue;
    }
    const entry = frame.listing.entries[frame.at];
    frame.at += 1;
    const wasFolder = entry.endsWith('/');
    const last = wasFolder ? entry.slice(0, -1) : entry;
    const name = `${frame.prefix}${last}`;
    const wanted = frame.all ? 'all' : wantedOf(choice!, name, wasFolder);
    if (wanted === 'no') continue;
    const at = `${frame.path === sep ? '' : frame.path}${sep}${last}`;
    const there = look(at, root, name);
    const isLink = frame.listing.links.has(last);
    if (there === undefined) {
      if (isLink) throw leadsNowhere(placeOf(root, name));
      // It went meanwhile.
      continue;
    }
    if (!isFolder(there)) {
      yield foundFile(at, there, root, name);
      continue;
    }
    const id = idOf(there);
    if (own.folders.has(id)) continue;
    const all = wanted === 'all';
    const above = open.get(id);
    if (above !== undefined && (above.all || !all)) {
      const found = { name, path: at, numbers: numbersOf(there), executable: 0 };
      if (all) yield { type: 'circle', ...found, leadsTo: above.prefix };
      continue;
    }
    const linked = frame.linked || isLink;
    if (linked) {
      const count = (paths.get(id) ?? 0) + 1;
      if (count > mostPaths) throw tooManyPaths(placeOf(root, name));
      paths.set(id, count);
    }
    if (all) yield { type: 'folder', name, path: at, numbers: numbersOf(there), executable: 0 };
    enter(name, at, id, { all, linked });
  }
}

function wantedOf(choice: Choice, name: string, isFolder: boolean): 'all' | 'look' | 'no' {
  if (isFolder) return choice.folder(name);
  return choice.file(name) ? 'all' : 'no';
}

function foundFile(path: string, stats: BigIntStats, root: string, name: string): Found {
  const mode = Number(stats.mode);
  if ((mode & constants.S_IFMT) !== constants.S_IFREG)
    throw notRead(whatItIs(stats), shownName(placeOf(root, name)));
  return { type: 'file', name, path, numbers: numbersOfStats(stats), executable: mode & 0o111 };
}

/** As its own method tells, without big numbers: of a corpus it is asked for each file. */
function isFolder({ mode }: BigIntStats): boolean {
  return (Number(mode) & constants.S_IFMT) === constants.S_IFDIR;
}

/** Made only for errors. */
function placeOf(root: string, name: string): string {
  return posix.join(root, name);
}

/** What tells a folder from all others, whatever path leads to it. */
function idOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function ownOf(own: OwnFiles | undefined): {
  readonly folders: ReadonlySet<string>;
  namesIn(id: string): readonly string[];
} {
  const look = (path: string): string | undefined => {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? undefined : idOf(stats);
  };
  if (own === undefined) return { folders: new Set(), namesIn: () => [] };
  const workspace = look(own.workspace);
  // Through a link they may lie elsewhere too.
  const folders = own.names.flatMap((name) => look(`${own.workspace}${sep}${name}`) ?? []);
  return { folders: new Set(folders), namesIn: (id) => (id === workspace ? own.names : []) };
}

interface Listing {
  /** Sorted; folders with a slash at their end, so that what lies in `a/` comes where its whole name belongs, after `a.txt`. */
  readonly entries: readonly string[];
  readonly links: ReadonlySet<string>;
}

type Kind = 'folder' | 'link' | 'other';

function listFolder(
  folder: string,
  leftOut: readonly string[],
  root: string,
  prefix: string,
  entriesOf = entriesByText,
): Listing {
  const entries: string[] = [];
  const links = new Set<string>();
  for (const { name, kind } of entriesOf(folder)) {
    // It may have been no UTF-8.
    if (entriesOf === entriesByText && name.includes(replacement))
      return listFolder(folder, leftOut, root, prefix, entriesByBytes);
    if (leftOut.includes(name)) continue;
    if (kind === 'link') links.add(name);
    const leadsTo = kind === 'link' ? look(`${folder}${sep}${name}`, root, `${prefix}${name}`) : undefined;
    const asFolder = kind === 'folder' || (leadsTo !== undefined && isFolder(leadsTo));
    if (asFolder && name === '.git' && look(`${folder}${sep}.git${sep}HEAD`, root, prefix) !== undefined)
      continue;
    entries.push(asFolder ? `${name}/` : name);
  }
  return { entries: entries.sort(), links };
}

/** What lies in a folder, in no order. */
function* entriesByText(folder: string): Generator<{ readonly name: string; readonly kind: Kind }> {
  const directory = opendirSync(onDisk(folder), { bufferSize: 256 });
  try {
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
      yield { name: entry.name, kind: kindOf(entry) };
    }
  } finally {
    directory.closeSync();
  }
}

function* entriesByBytes(folder: string): Generator<{ readonly name: string; readonly kind: Kind }> {
  for (const entry of readdirSync(onDisk(folder), { encoding: 'buffer', withFileTypes: true })) {
    yield { name: nameOfBytes(entry.name), kind: kindOf(entry) };
  }
}

function kindOf(entry: { isDirectory(): boolean; isSymbolicLink(): boolean }): Kind {
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

/** What a path leads to; undefined where nothing is there. */
function look(path: string, root: string, name: string): BigIntStats | undefined {
  try {
    return statSync(onDisk(path), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw leadsNowhere(placeOf(root, name));
    if (code === 'ENAMETOOLONG') throw tooDeep(placeOf(root, name));
    throw error;
  }
}

function leadsNowhere(place: string): StageFailure {
  const hint = 'Bring back what it leads to, or remove it.';
  return new StageFailure('it is a link that leads nowhere', { place: shownName(place), hint });
}

function tooDeep(place: string): StageFailure {
  const shown = place.length > 120 ? `${place.slice(0, 60)}…${place.slice(-40)}` : place;
  const hint = 'Let the stage read a folder that is less deep.';
  return new StageFailure('its path is longer than the system takes', { place: shownName(shown), hint });
}

function tooManyPaths(place: string): StageFailure {
  const hint = 'Remove links, or let the stage read what they lead to.';
  const message = `more than ${mostPaths} paths of links lead to this folder`;
  return new StageFailure(message, { place: shownName(place), hint });
}
