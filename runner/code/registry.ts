import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure } from 'esbuild';
import { PipelineError, type Problem } from '../errors.ts';
import type { Kind } from '../kind/index.ts';
import { bundleKind, type KindCode } from './bundle.ts';
import { BundleStore, type Remembered } from './bundle-store.ts';
import { wordsOf } from './loaders.ts';

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

/** A folder that holds `stages/`, with the bundles that were made of them. */
interface Source {
  readonly root: string;
  readonly store: BundleStore;
}

/**
 * The kinds of a workspace: its own, and those of the product, of which it may replace any by one of the same name. A
 * kind is a folder below `stages/` with an `index.ts` whose default export is one.
 */
export class Kinds {
  readonly #home: string;
  readonly #builtIn: Source;
  /** Undefined where the workspace is the product's own folder. */
  readonly #own: Source | undefined;
  readonly #loading = new Map<string, Promise<LoadedKind | undefined>>();
  #names: readonly string[] | undefined;

  constructor(options: { readonly workspace: string; readonly home: string }) {
    const { workspace, home } = options;
    this.#home = home;
    this.#builtIn = { root: home, store: new BundleStore(placesOfBundles(home)) };
    this.#own =
      workspace === home
        ? undefined
        : {
            root: workspace,
            store: new BundleStore(placesOfBundles(home, workspace)),
          };
  }

  names(): Promise<readonly string[]> {
    this.#names ??= [...new Set([...kindsBelow(this.#own?.root), ...kindsBelow(this.#home)])].sort();
    return Promise.resolve(this.#names);
  }

  /** Whether the workspace has a kind of its own in the place of one of the product. */
  shadows(name: string): boolean {
    const file = entryOf(name);
    return this.#own !== undefined && this.#source(file) === this.#own && existsSync(join(this.#home, file));
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
      ...(this.#own === undefined ? [] : [join(this.#own.root, 'stages')]),
      ...productFolders.map((name) => join(this.#home, name)).filter((path) => existsSync(path)),
    ];
  }

  /** Every file and folder that the loaded kinds were made from. */
  watched(): readonly string[] {
    return [this.#own, this.#builtIn].flatMap((source) => source?.store.watched() ?? []);
  }

  async #load(name: string): Promise<LoadedKind | undefined> {
    const file = entryOf(name);
    const built = await this.#built(file);
    if (built === undefined) return undefined;
    const module = (await import(pathToFileURL(built.bundle).href)) as { default?: Kind };
    const place = { file: shownPath(this.#source(file).root, file) };
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

  /** The default export of a module beside a kind, bundled and remembered in the same way. */
  async module(file: string): Promise<unknown> {
    const built = await this.#built(file);
    if (built === undefined) return undefined;
    return ((await import(pathToFileURL(built.bundle).href)) as { default?: unknown }).default;
  }

  /** The bundle of a module beside a kind and the code it is made of; undefined where there is none. */
  bundleOf(file: string): Promise<{ readonly code: KindCode; readonly bundle: string } | undefined> {
    return this.#built(file);
  }

  /** Modules go with the kind in whose folder they lie: of one that is replaced none is used. */
  #source(file: string): Source {
    const own = this.#own;
    return own !== undefined && existsSync(join(own.root, dirname(file), 'index.ts')) ? own : this.#builtIn;
  }

  async #built(file: string): Promise<Remembered | undefined> {
    const { root, store } = this.#source(file);
    const current = store.current(file);
    if (current !== undefined) return current;
    if (!existsSync(join(root, file))) return undefined;
    const { packages } = store;
    const built = await bundleKind(file, { root, home: this.#home, packages }).catch((error: unknown) => {
      throw new PipelineError(buildProblems(root, file, error as BuildFailure), 2);
    });
    return store.put(file, built, { zod: sharedZod(this.#home) });
  }
}

function entryOf(name: string): string {
  return `stages/${name}/index.ts`;
}

/**
 * Where the bundles of a folder's kinds may lie, the best place first: with the product's packages; in a cache of the
 * user's, where these are not theirs; in the workspace, which whoever only looks should leave as it is.
 */
function placesOfBundles(home: string, workspace = home): readonly string[] {
  const { XDG_CACHE_HOME: set = '' } = process.env;
  const id = createHash('sha256').update(workspace).digest('hex').slice(0, 12);
  return [
    join(home, 'node_modules', '.cache', 'pipeline', 'kinds', ...(workspace === home ? [] : [id])),
    join(set === '' ? join(homedir(), '.cache') : set, 'pipeline', 'kinds', id),
    ...(workspace === home ? [] : [join(workspace, 'artifacts', '.cache', 'kinds')]),
  ];
}

/** The zod that the runner has: what kinds make with it the runner must know. */
function sharedZod(home: string): string {
  const own = dirname(createRequire(import.meta.url).resolve('zod'));
  const installed = join(home, 'node_modules', 'zod');
  // Of a runner that is not built, as in tests: the one file of a build is read faster.
  const built = join(home, 'node_modules', '.cache', 'pipeline', 'node_modules', 'zod');
  return own === installed && existsSync(built) ? built : own;
}

/** Names of the kinds of a folder. */
function kindsBelow(root: string | undefined): string[] {
  return root === undefined ? [] : findKinds(join(root, 'stages'), '');
}

/** Names of the kinds below a folder: a folder whose `index.ts` defines one; whatever lies deeper is its parts. */
function findKinds(folder: string, prefix: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && entry.name !== 'node_modules')
    .flatMap((entry) => {
      const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      const inside = join(folder, entry.name);
      if (isKind(join(inside, 'index.ts'))) return [name];
      // What a link leads to may lie above it.
      return entry.isSymbolicLink() ? [] : findKinds(inside, name);
    });
}

/** Other folders may have an `index.ts` too. */
function isKind(file: string): boolean {
  return (
    existsSync(file) && /^\s*export default define(?:Row|Source)?Kind\(/m.test(readFileSync(file, 'utf8'))
  );
}

function buildProblems(root: string, file: string, failure: BuildFailure): Problem[] {
  if (!Array.isArray(failure.errors)) {
    const message = `esbuild, which compiles this, ended before it was done: ${failure.message}`;
    const hint = 'Something has ended it, want of memory perhaps. Run again.';
    return [{ message, place: { file: shownPath(root, file) }, hint }];
  }
  return failure.errors.map((error) => {
    const { location } = error;
    const place =
      location === null
        ? { file: shownPath(root, file) }
        : { file: shownPath(root, location.file), line: location.line, column: location.column + 1 };
    return { ...wordsOf(error), place };
  });
}

/** A path below a root as the user, who may be elsewhere, can open it. */
function shownPath(root: string, path: string): string {
  const here = relative(process.cwd(), join(root, path));
  return here.startsWith('..') ? join(root, path) : here;
}
