import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sameStamp, type Stamp, stampPath } from '../fingerprint/stat.ts';

/** `@scope/name` or `name` of a bare import such as `@scope/name/sub/path`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

/** Stamps of paths that decided something, absent ones as null. */
export type Watched = Map<string, Stamp | null>;

export function watch(watched: Watched, path: string): void {
  if (!watched.has(path)) watched.set(path, stampPath(path) ?? null);
}

/** A package as it is installed, with all that it needs in turn. */
export interface PackageState {
  /** As a stage's fingerprint states it. */
  readonly version: string;
  readonly watched: Readonly<Record<string, Stamp | null>>;
}

interface Description {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * The real folder of the package that an import of `name` from `folder` resolves to, as Node finds it: the nearest
 * `node_modules` that has it. Undefined where none is installed. What decided it is added to `watched`.
 */
export function findPackage(name: string, folder: string, watched: Watched): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (basename(at) !== 'node_modules') {
      const modules = join(at, 'node_modules');
      const candidate = join(modules, name);
      if (statSync(candidate, { throwIfNoEntry: false })?.isDirectory() === true)
        return realpathSync(candidate);
      // One that comes to lie here would be taken instead.
      watch(watched, modules);
      if (name.startsWith('@')) watch(watched, dirname(candidate));
    }
    if (dirname(at) === at) return undefined;
  }
}

/**
 * The versions of npm packages, as a stage's fingerprint states them: `1.2.3`, and where there is more to say, a digest
 * behind a `+` of the packages that it needs in turn, as they are installed. Of a package in node_modules name and
 * version are believed; one that is linked from elsewhere is somebody's work, and hashed file by file.
 */
export class Packages {
  readonly #states: Map<string, PackageState>;
  readonly #current = new Map<string, boolean>();
  readonly #stamps = new Map<string, Stamp | undefined>();

  /** `known`: what `all` gave before, by the package's real folder. */
  constructor(known: Readonly<Record<string, PackageState>> = {}) {
    this.#states = new Map(Object.entries(known));
  }

  all(): Readonly<Record<string, PackageState>> {
    return Object.fromEntries(this.#states);
  }

  /** The package in a folder, as it is now. */
  state(folder: string): PackageState {
    const known = this.#states.get(folder);
    if (known !== undefined && this.isCurrent(folder)) return known;
    const state = readState(folder);
    this.#states.set(folder, state);
    this.#current.set(folder, true);
    return state;
  }

  /** Whether what is known of the package in a folder still holds. Each is looked at once. */
  isCurrent(folder: string): boolean {
    let current = this.#current.get(folder);
    if (current === undefined) {
      const known = this.#states.get(folder);
      current = known !== undefined && this.unchanged(known.watched);
      this.#current.set(folder, current);
    }
    return current;
  }

  /** Whether paths are as they were. Each is looked at once: many kinds share packages and modules. */
  unchanged(watched: Readonly<Record<string, Stamp | null>>): boolean {
    for (const path in watched) {
      if (!this.#stamps.has(path)) this.#stamps.set(path, stampPath(path));
      if (!sameStamp(this.#stamps.get(path), watched[path] ?? undefined)) return false;
    }
    return true;
  }
}

function readState(folder: string): PackageState {
  const watched: Watched = new Map();
  const titles = new Map<string, string>();
  const closure: string[] = [];
  const visit = (at: string): string => {
    const known = titles.get(at);
    if (known !== undefined) return known;
    const file = join(at, 'package.json');
    watch(watched, file);
    const description = readDescription(file);
    const { name = '', version, dependencies, optionalDependencies, peerDependencies } = description;
    // Without a version there is nothing to believe.
    const isBelieved = version !== undefined && isInstalled(at);
    const title = `${name}@${version ?? ''}${isBelieved ? '' : `+${contentsOf(at, watched)}`}`;
    titles.set(at, title);
    const needs: string[] = [];
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const found = findPackage(needed, at, watched);
      if (found !== undefined) needs.push(`${needed}: ${visit(found)}`);
    }
    closure.push([title, ...needs.sort()].join('\n'));
    return title;
  };
  const isMore = visit(folder).includes('+') || closure.length > 1;
  const version = readDescription(join(folder, 'package.json')).version ?? '0.0.0';
  return {
    version: isMore ? `${version}+${sha256(closure.sort().join('\n\n')).slice(0, 12)}` : version,
    watched: Object.fromEntries(watched),
  };
}

function readDescription(file: string): Description {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Description;
  } catch {
    // Node takes a folder without one for a package as well.
    return {};
  }
}

/** Whether a real folder lies where package managers put packages, and not where somebody works on one. */
function isInstalled(folder: string): boolean {
  const parent = dirname(folder);
  return basename(basename(parent).startsWith('@') ? dirname(parent) : parent) === 'node_modules';
}

/** What is of no package: its own packages have folders of their own. */
const notOfPackage: readonly string[] = ['node_modules', '.git'];

/** A digest of every file below a folder. */
function contentsOf(folder: string, watched: Watched): string {
  const lines: string[] = [];
  const visit = (at: string, prefix: string, above: ReadonlySet<string>): void => {
    const real = realpathSync(at);
    if (above.has(real)) return;
    watch(watched, at);
    for (const name of readdirSync(at).sort()) {
      if (notOfPackage.includes(name)) continue;
      const path = join(at, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats?.isDirectory() === true) visit(path, `${prefix}${name}/`, new Set(above).add(real));
      else if (stats?.isFile() === true) {
        watch(watched, path);
        lines.push(`${sha256(readFileSync(path))} ${prefix}${name}\0`);
      }
    }
  };
  visit(folder, '', new Set());
  return sha256(lines.join(''));
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
