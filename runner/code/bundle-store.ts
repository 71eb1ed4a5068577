import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Stamp } from '../fingerprint/stat.ts';
import type { BuiltKind, KindCode } from './bundle.ts';
import { Packages, type PackageState } from './packages.ts';

/** Raised when the way bundles are made changes, so that old ones are not believed. */
const bundleFormat = 2;

/** A bundle that was made, and from what. */
export interface Remembered {
  readonly code: KindCode;
  /** Absolute path of the bundle's entry. */
  readonly bundle: string;
  readonly watched: Readonly<Record<string, Stamp | null>>;
  /** Real folders of the npm packages that it imports, by name. */
  readonly packages: Readonly<Record<string, string>>;
}

interface Memory {
  readonly format: number;
  readonly bundles: Readonly<Record<string, Remembered>>;
  readonly packages: Readonly<Record<string, PackageState>>;
}

/**
 * Keeps bundles, so that where nothing changed that one was made from, it costs a few calls of stat. They lie in the
 * first of some folders that can be written to; what another user has made in one that cannot is read all the same.
 */
export class BundleStore {
  readonly #folders: readonly string[];
  readonly #bundles = new Map<string, Remembered>();
  readonly packages: Packages;
  #folder: string | undefined;

  constructor(folders: readonly string[]) {
    const first = folders.findIndex(isWritable);
    this.#folders = first < 0 ? [] : folders.slice(first);
    const packages: Record<string, PackageState> = {};
    // What this user has made stands above what another had made before.
    for (const folder of first < 0 ? folders : folders.slice(0, first + 1)) {
      const memory = readMemory(memoryFile(folder));
      for (const [file, remembered] of Object.entries(memory?.bundles ?? {}))
        this.#bundles.set(file, remembered);
      Object.assign(packages, memory?.packages);
    }
    this.packages = new Packages(packages);
  }

  /** The bundle of a module; undefined where none was made, or something that it was made from has changed. */
  current(file: string): Remembered | undefined {
    const remembered = this.#bundles.get(file);
    if (remembered === undefined || !existsSync(remembered.bundle)) return undefined;
    const isCurrent =
      this.packages.unchanged(remembered.watched) &&
      Object.values(remembered.packages).every((folder) => this.packages.isCurrent(folder));
    return isCurrent ? remembered : undefined;
  }

  /** Every file that bundles were made from: of packages, what tells of another version. */
  watched(): readonly string[] {
    const packages = this.packages.all();
    const paths = [...this.#bundles.values()].flatMap(({ watched, packages: used }) => [
      ...Object.keys(watched),
      ...Object.values(used).flatMap((folder) => Object.keys(packages[folder]?.watched ?? {})),
    ]);
    return [...new Set(paths)];
  }

  /** `places`: where packages lie that are to be imported from elsewhere than they were found, by name. */
  put(file: string, built: BuiltKind, places: Readonly<Record<string, string>>): Remembered {
    const folder = (this.#folder ??= writableFolder(this.#folders));
    const set = packageSet(folder, { ...built.packages, ...pick(places, Object.keys(built.packages)) });
    const contents = createHash('sha256');
    for (const { name, contents: bytes } of built.files) contents.update(name).update(bytes);
    const place = join(set, file.replaceAll('/', '-'), contents.digest('hex').slice(0, 16));
    placeWhole(place, (temporary) => {
      for (const { name, contents: bytes } of built.files) {
        mkdirSync(dirname(join(temporary, name)), { recursive: true });
        writeFileSync(join(temporary, name), bytes);
      }
      writeFileSync(join(temporary, 'package.json'), '{"type":"module"}\n');
    });
    const { code, watched, packages } = built;
    const remembered = { code, bundle: join(place, 'index.js'), watched, packages };
    this.#bundles.set(file, remembered);
    this.#save(folder);
    return remembered;
  }

  #save(folder: string): void {
    const file = memoryFile(folder);
    const temporary = `${file}.${process.pid}`;
    const memory: Memory = {
      format: bundleFormat,
      bundles: Object.fromEntries(this.#bundles),
      packages: this.packages.all(),
    };
    writeFileSync(temporary, JSON.stringify(memory));
    renameSync(temporary, file);
  }
}

/**
 * A folder below which bare names lead to these packages, wherever it lies: code finds the very packages that were
 * looked at when it was bundled. It is shared by all that import the same ones.
 */
function packageSet(folder: string, packages: Readonly<Record<string, string>>): string {
  const entries = Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1));
  const id = createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 12);
  const set = join(folder, id);
  placeWhole(set, (temporary) => {
    mkdirSync(join(temporary, 'node_modules'), { recursive: true });
    for (const [name, target] of entries) {
      const link = join(temporary, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(target, link, process.platform === 'win32' ? 'junction' : 'dir');
    }
  });
  return set;
}

/** Makes a folder in one step; one that is there is left as it is. */
function placeWhole(place: string, fill: (temporary: string) => void): void {
  if (existsSync(place)) return;
  const temporary = `${place}.${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  fill(temporary);
  try {
    renameSync(temporary, place);
  } catch (error) {
    // Another process was faster.
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
}

/** The first folder that can be made and written to; where there is none, one that is gone with the machine's start. */
function writableFolder(folders: readonly string[]): string {
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // Of another user, or on a disk that is only read.
    }
  }
  return mkdtempSync(join(tmpdir(), 'pipeline-kinds-'));
}

/** Whether a folder that may not be there yet could be made and written to. */
function isWritable(folder: string): boolean {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  try {
    accessSync(there, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function memoryFile(folder: string): string {
  return join(folder, 'kinds.json');
}

function readMemory(file: string): Memory | undefined {
  try {
    const memory = JSON.parse(readFileSync(file, 'utf8')) as Memory;
    return memory.format === bundleFormat ? memory : undefined;
  } catch {
    // Absent or unreadable: the bundles are simply made again.
    return undefined;
  }
}

function pick(record: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(record, name) ? [[name, record[name]]] : [])),
  );
}
