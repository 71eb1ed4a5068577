import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure } from 'esbuild';
import { PipelineError, type Problem } from '../errors.ts';
import { sameStamp, type Stamp, stampPath } from '../fingerprint/stat.ts';
import type { Kind } from '../kind/index.ts';
import { bundleKind, type KindCode } from './bundle.ts';
import { PackageVersions } from './packages.ts';

/** Raised when the way bundles are made changes, so that old ones are not believed. */
const bundleFormat = 1;

/** What the product is made of, in its folder. */
const productFolders = [
  'runner',
  'stages',
  'scripts',
  'optional',
  'node_modules',
  'pipeline',
  'package.json',
];

/** A kind ready to be planned and run. */
export interface LoadedKind {
  readonly kind: Kind;
  readonly code: KindCode;
  /** Absolute path of the bundle's entry, whose default export is the kind. */
  readonly bundle: string;
}

interface Remembered {
  readonly code: KindCode;
  readonly bundle: string;
  readonly watched: Readonly<Record<string, Stamp | null>>;
}

/**
 * The kinds of a workspace: each folder below `stages/` with an `index.ts` whose default export is a kind. Bundles are
 * remembered, so that where no module changed, loading a kind costs a few calls of stat and an import.
 */
export class Kinds {
  readonly #workspace: string;
  readonly #home: string;
  readonly #base: string;
  readonly #folder: string;
  readonly #memory: string;
  readonly #remembered: Map<string, Remembered>;
  readonly #loading = new Map<string, Promise<LoadedKind | undefined>>();
  #names: readonly string[] | undefined;
  #packages: PackageVersions | undefined;

  constructor(options: { readonly workspace: string; readonly home: string }) {
    this.#workspace = options.workspace;
    this.#home = options.home;
    // Bundles import npm packages by bare name, so they must lie below a folder that has node_modules.
    this.#base = existsSync(join(this.#workspace, 'node_modules')) ? this.#workspace : this.#home;
    const id = createHash('sha256').update(this.#workspace).digest('hex').slice(0, 12);
    this.#folder = join(this.#base, 'node_modules', '.cache', 'pipeline', 'kinds', id);
    this.#memory = join(this.#folder, 'kinds.json');
    this.#remembered = readMemory(this.#memory);
  }

  names(): Promise<readonly string[]> {
    this.#names ??= findKinds(join(this.#workspace, 'stages'), '');
    return Promise.resolve(this.#names);
  }

  async load(name: string): Promise<Kind | undefined> {
    return (await this.loaded(name))?.kind;
  }

  /** Rejects with a `PipelineError` where the kind's code does not build or is no kind. */
  loaded(name: string): Promise<LoadedKind | undefined> {
    let loading = this.#loading.get(name);
    if (loading === undefined) {
      loading = this.#load(name);
      this.#loading.set(name, loading);
    }
    return loading;
  }

  /** The product itself, and the kinds of the workspace. */
  code(): readonly string[] {
    return [
      join(this.#workspace, 'stages'),
      ...productFolders.map((name) => join(this.#home, name)).filter((path) => existsSync(path)),
    ];
  }

  /** Every file and folder that the loaded kinds were made from. */
  watched(): readonly string[] {
    return [...new Set([...this.#remembered.values()].flatMap((kind) => Object.keys(kind.watched)))];
  }

  async #load(name: string): Promise<LoadedKind | undefined> {
    const file = `stages/${name}/index.ts`;
    const built = await this.#built(file);
    if (built === undefined) return undefined;
    const module = (await import(pathToFileURL(built.bundle).href)) as { default?: Kind };
    const place = { file };
    if (module.default?.type === undefined) {
      const hint = 'Export one made by defineKind, defineRowKind or defineSourceKind as default.';
      throw new PipelineError([{ message: 'this module exports no kind', place, hint }], 2);
    }
    if (module.default.name !== name) {
      const message = `the kind calls itself "${module.default.name}" but lies in stages/${name}`;
      throw new PipelineError([{ message, place, hint: `Name it "${name}".` }], 2);
    }
    return { kind: module.default, code: built.code, bundle: built.bundle };
  }

  /** The default export of another module of the workspace, bundled and remembered in the same way. */
  async module(file: string): Promise<unknown> {
    const built = await this.#built(file);
    if (built === undefined) return undefined;
    return ((await import(pathToFileURL(built.bundle).href)) as { default?: unknown }).default;
  }

  /** The bundle of another module of the workspace and the code it is made of; undefined where there is none. */
  bundleOf(file: string): Promise<{ readonly code: KindCode; readonly bundle: string } | undefined> {
    return this.#built(file);
  }

  async #built(file: string): Promise<Remembered | undefined> {
    const remembered = this.#remembered.get(file);
    if (remembered !== undefined && isCurrent(remembered)) return remembered;
    return existsSync(join(this.#workspace, file)) ? this.#build(file) : undefined;
  }

  async #build(file: string): Promise<Remembered> {
    const lockfile = this.#lockfile();
    const lockStamp = stampPath(lockfile) ?? null;
    this.#packages ??= new PackageVersions(lockfile);
    const built = await bundleKind(join(this.#workspace, file), {
      workspace: this.#workspace,
      home: this.#home,
      resolveFrom: this.#base,
      packages: this.#packages,
    }).catch((error: unknown) => {
      throw new PipelineError(buildProblems(file, error as BuildFailure), 2);
    });
    const contents = createHash('sha256');
    for (const file of built.files) contents.update(file.name).update(file.contents);
    const folder = join(this.#folder, file.replaceAll('/', '-'), contents.digest('hex').slice(0, 16));
    if (!existsSync(join(folder, 'index.js'))) {
      const temporary = `${folder}.${process.pid}`;
      for (const file of built.files) {
        mkdirSync(dirname(join(temporary, file.name)), { recursive: true });
        writeFileSync(join(temporary, file.name), file.contents);
      }
      writeFileSync(join(temporary, 'package.json'), '{"type":"module"}\n');
      rmSync(folder, { recursive: true, force: true });
      renameSync(temporary, folder);
    }
    const remembered: Remembered = {
      code: built.code,
      bundle: join(folder, 'index.js'),
      watched: { ...built.watched, [lockfile]: lockStamp },
    };
    this.#remembered.set(file, remembered);
    this.#save();
    return remembered;
  }

  #lockfile(): string {
    const own = join(this.#workspace, 'package-lock.json');
    return existsSync(own) ? own : join(this.#home, 'package-lock.json');
  }

  #save(): void {
    const temporary = `${this.#memory}.${process.pid}`;
    mkdirSync(this.#folder, { recursive: true });
    const kinds = Object.fromEntries(this.#remembered);
    writeFileSync(temporary, JSON.stringify({ format: bundleFormat, kinds }));
    renameSync(temporary, this.#memory);
  }
}

function readMemory(file: string): Map<string, Remembered> {
  try {
    const memory = JSON.parse(readFileSync(file, 'utf8')) as {
      format: number;
      kinds: Record<string, Remembered>;
    };
    return new Map(memory.format === bundleFormat ? Object.entries(memory.kinds) : []);
  } catch {
    // Absent or unreadable: the bundles are simply made again.
    return new Map();
  }
}

function isCurrent(remembered: Remembered): boolean {
  return (
    existsSync(remembered.bundle) &&
    Object.entries(remembered.watched).every(([path, stamp]) =>
      sameStamp(stampPath(path), stamp ?? undefined),
    )
  );
}

/** Names of the kinds below a folder: a folder whose `index.ts` defines one; whatever lies deeper is its parts. */
function findKinds(folder: string, prefix: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      const inside = join(folder, entry.name);
      return isKind(join(inside, 'index.ts')) ? [name] : findKinds(inside, name);
    });
}

/** Other folders may have an `index.ts` too. */
function isKind(file: string): boolean {
  return existsSync(file) && /^export default define(?:Row|Source)?Kind\(/m.test(readFileSync(file, 'utf8'));
}

function buildProblems(file: string, failure: BuildFailure): Problem[] {
  if (!Array.isArray(failure.errors)) throw failure as Error;
  return failure.errors.map(({ text, location }) => ({
    message: text,
    place:
      location === null
        ? { file }
        : { file: location.file, line: location.line, column: location.column + 1 },
  }));
}
