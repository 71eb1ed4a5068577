import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type {
  BuildFailure,
  Loader,
  OnLoadResult,
  OnResolveArgs,
  OnResolveResult,
  PluginBuild,
} from 'esbuild';
import type * as Esbuild from 'esbuild';
import { canonicalJson } from '../fingerprint/hash.ts';
import type { Stamp } from '../fingerprint/stat.ts';
import { computedName, errorsHere, loaderOf, marks, placeUses, unreadable } from './loaders.ts';
import { ModuleNames } from './module-names.ts';
import { findPackage, packageOf, type Packages, watch, type Watched } from './packages.ts';

/** The code of one kind: what its key covers, and the bundle that runs. */
export interface KindCode {
  /**
   * SHA-256 of each module of the kind's graph by name: of its text without comments, types and white space, how it is
   * read, and which module each of its imports led to.
   */
  readonly modules: Readonly<Record<string, string>>;
  /** Versions of the npm packages that these modules import. */
  readonly packages: Readonly<Record<string, string>>;
}

export interface BuiltKind {
  readonly code: KindCode;
  /**
   * Everything that was read or decided the resolution by absolute path, as it was before it was read: an edit during
   * the build makes the bundle stale, never fresh.
   */
  readonly watched: Readonly<Record<string, Stamp | null>>;
  /** Real folders of the npm packages by name: what the bundle imports must be these. */
  readonly packages: Readonly<Record<string, string>>;
  /** Bundle files by name relative to the output folder; the entry is `index.js`. */
  readonly files: readonly { readonly name: string; readonly contents: Uint8Array }[];
}

export interface BundleOptions {
  /** The folder that holds `stages/`: a workspace, or the product. */
  readonly root: string;
  /** The folder of the product itself: `pipeline/kind` is its `runner/kind/index.ts`. */
  readonly home: string;
  readonly packages: Packages;
}

/**
 * Bundles a module, named relative to the root. A module's digest is taken from the very text that goes into the
 * bundle, so that the code that was hashed is the code that runs, whatever is edited meanwhile.
 *
 * Errors: rejects with esbuild's `BuildFailure` where a module does not parse or resolve, or reads what no key covers.
 */
export async function bundleKind(file: string, options: BundleOptions): Promise<BuiltKind> {
  const esbuild = await import('esbuild');
  const { root } = options;
  const graph = new ModuleGraph(esbuild, file, options);
  const outdir = join(root, '.out');
  const result = await esbuild.build({
    entryPoints: [{ in: join(root, file), out: 'index' }],
    outdir,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    legalComments: 'none',
    logLevel: 'silent',
    logOverride: errorsHere,
    tsconfigRaw: '{}',
    banner: { js: requireBanner },
    plugins: [
      {
        name: 'module-graph',
        setup: (build) => {
          graph.setUp(build);
        },
      },
    ],
  });
  return {
    ...graph.result(),
    files: result.outputFiles.map(({ path, contents }) => ({ name: relative(outdir, path), contents })),
  };
}

/** A module of the older sort calls `require` where the bundle, which is of the newer, has none. */
const requireBanner =
  'var __pipeline_require=process.getBuiltinModule("node:module").createRequire(import.meta.url);';

interface ReadModule {
  readonly loader: Loader;
  readonly bare: string;
}

/** What a build reads, and where its imports lead. */
class ModuleGraph {
  readonly #esbuild: typeof Esbuild;
  readonly #options: BundleOptions;
  readonly #names: ModuleNames;
  readonly #watched: Watched = new Map();
  readonly #read = new Map<string, ReadModule>();
  /** Where the imports of each module led, by the module's path. */
  readonly #edges = new Map<string, Map<string, string>>();
  /** Modules that an import led to; one that is loaded beside these was found by esbuild from a pattern. */
  readonly #reached = new Set<string>();
  readonly #packages = new Map<string, string>();

  constructor(esbuild: typeof Esbuild, file: string, options: BundleOptions) {
    this.#esbuild = esbuild;
    this.#options = options;
    this.#names = new ModuleNames(options.home, options.root, file);
    // Another version may write the same module in another way.
    watch(this.#watched, join(options.home, 'node_modules', 'esbuild', 'package.json'));
  }

  setUp(build: PluginBuild): void {
    build.onResolve({ filter: /./ }, (args) =>
      args.pluginData === passedOn ? undefined : this.#resolve(build, args),
    );
    build.onLoad({ filter: /./, namespace: 'file' }, ({ path, suffix, with: attributes }) =>
      this.#load(path, suffix, attributes),
    );
    build.onLoad({ filter: /./, namespace: required }, ({ path }) => ({
      contents: `module.exports = __pipeline_require(${JSON.stringify(path)});`,
    }));
  }

  result(): Omit<BuiltKind, 'files'> {
    const modules = new Map<string, string>();
    for (const [key, { loader, bare }] of this.#read) {
      const [path, variant] = JSON.parse(key) as [string, string];
      const name = this.#names.of(path, variant);
      if (modules.has(name)) throw new Error(`two modules are named ${name}`);
      const edges = [...(this.#edges.get(path) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      modules.set(name, sha256(canonicalJson([loader, bare, edges])));
    }
    const versions = Array.from(this.#packages, ([name, folder]): [string, string] => [
      name,
      this.#options.packages.state(folder).version,
    ]);
    return {
      code: { modules: sorted(modules), packages: sorted(versions) },
      watched: Object.fromEntries(this.#watched),
      packages: sorted(this.#packages),
    };
  }

  async #resolve(build: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult> {
    const { path, kind, resolveDir } = args;
    if (kind === 'entry-point') {
      watch(this.#watched, path);
      return this.#own(realpathSync(path), args);
    }
    if (path === 'pipeline/kind') {
      return this.#own(realpathSync(join(this.#options.home, 'runner', 'kind', 'index.ts')), args);
    }
    const isAlias = path.startsWith('#');
    if (isAlias || path.startsWith('.') || isAbsolute(path)) return this.#found(build, args);
    if (path.startsWith('node:') || builtinModules.includes(path)) return external(path, kind);
    if (/^[a-z][a-z\d+.-]+:/i.test(path)) {
      return problem(`a kind cannot import ${path}: an address is not followed`, 'Keep it as a file.');
    }
    const name = packageOf(path);
    if (this.#isItself(name, resolveDir)) return this.#found(build, args);
    return this.#package(name, path, resolveDir) ?? external(path, kind);
  }

  /** Whether a folder is of the package of this name, which then means itself, by what it exports. */
  #isItself(name: string, folder: string): boolean {
    const scope = this.#scopeOf(folder);
    if (scope === undefined) return false;
    const description = JSON.parse(readFileSync(scope, 'utf8')) as { name?: string; exports?: unknown };
    return description.name === name && description.exports !== undefined;
  }

  /** The `package.json` whose `imports` and `exports` hold in a folder. */
  #scopeOf(folder: string): string | undefined {
    for (let at = folder; ; at = dirname(at)) {
      const file = join(at, 'package.json');
      watch(this.#watched, file);
      if (existsSync(file)) return file;
      if (dirname(at) === at) return undefined;
    }
  }

  /** A module that esbuild finds, as Node and TypeScript would. */
  async #found(build: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult> {
    const { path, importer, namespace, resolveDir, kind } = args;
    const isPath = path.startsWith('.') || isAbsolute(path);
    const candidate = isAbsolute(path) ? path : join(resolveDir, path);
    if (isPath) watch(this.#watched, candidate);
    else this.#scopeOf(resolveDir);
    const found = await build.resolve(path, {
      importer,
      namespace,
      resolveDir,
      kind,
      with: args.with,
      pluginData: passedOn,
    });
    if (found.errors.length > 0) {
      const [error] = found.errors;
      if (isPath) return { errors: [{ text: error.text, notes: error.notes }] };
      const scope = this.#scopeOf(resolveDir);
      const where = scope === undefined ? 'no package.json' : `package.json ("imports" or "exports")`;
      return problem(`${path} leads to no file: ${where} names it here`, 'Import the file by its path.');
    }
    if (!isPath && found.path.includes(`${sep}node_modules${sep}`)) {
      return problem(`${path} leads to an npm package`, 'Import the package by its own name.');
    }
    if (isPath && !(existsSync(candidate) && realpathSync(candidate) === found.path)) {
      // It was found by a rule: another file that comes to lie there may be found first.
      watch(this.#watched, dirname(candidate));
      watch(this.#watched, join(candidate, 'package.json'));
    }
    return this.#own(found.path, args, found.suffix);
  }

  #own(
    path: string,
    { path: specifier, importer, with: attributes }: OnResolveArgs,
    suffix = '',
  ): OnResolveResult {
    this.#reached.add(path);
    if (importer !== '') {
      const edges = this.#edges.get(importer) ?? new Map<string, string>();
      this.#edges.set(importer, edges);
      const written = canonicalJson([specifier, attributes]);
      edges.set(written, this.#names.of(path, variantOf(suffix, attributes)));
    }
    // Nothing else of what esbuild found, so that nothing else of package.json can matter.
    return { path, suffix };
  }

  /** Notes a package that is imported; gives what is wrong with it, if anything. */
  #package(name: string, specifier: string, folder: string): OnResolveResult | undefined {
    const { home, root } = this.#options;
    // Schemas go from kinds to the runner, which must know them.
    const isShared = name === 'zod';
    if (isShared && specifier !== 'zod') {
      return problem(`a kind cannot import ${specifier}: params are read with zod itself`, 'Import zod.');
    }
    if (name === 'pipeline') {
      return problem(`there is no module ${specifier}`, 'A kind imports pipeline/kind.');
    }
    const found =
      (isShared ? undefined : findPackage(name, folder, this.#watched)) ??
      findPackage(name, home, this.#watched);
    if (found === undefined) {
      return problem(`the npm package "${name}" is not installed; run: npm install ${name}`);
    }
    if (`${realpathSync(root)}${sep}`.startsWith(`${found}${sep}`)) {
      return problem(`the npm package "${name}" is a link to ${found}, which holds the kinds themselves`);
    }
    const other = this.#packages.get(name);
    if (other !== undefined && other !== found) {
      const hint = `They lie in ${other} and ${found}.`;
      return problem(`two copies of the npm package "${name}" are imported, and a kind can have one`, hint);
    }
    this.#packages.set(name, found);
    return undefined;
  }

  async #load(path: string, suffix: string, attributes: Record<string, string>): Promise<OnLoadResult> {
    const variant = variantOf(suffix, attributes);
    const name = this.#names.of(path, variant);
    if (!this.#reached.has(path)) {
      const { message, hint } = computedName('import()');
      return problem(message, hint);
    }
    const loader = loaderOf(path, attributes);
    if (loader === undefined) return { errors: [unreadable(name)] };
    watch(this.#watched, path);
    const contents = await readFile(path);
    const text = contents.toString('utf8');
    const isCode = loader === 'js' || loader === 'jsx' || loader === 'ts' || loader === 'tsx';
    if (!isCode) {
      this.#read.set(JSON.stringify([path, variant]), { loader, bare: contents.toString('base64') });
      return { contents, loader };
    }
    const transformed = await this.#esbuild
      .transform(text, {
        loader,
        sourcefile: name,
        minifyWhitespace: true,
        legalComments: 'none',
        tsconfigRaw: '{}',
        define: marks,
      })
      .catch((error: unknown) => {
        // Not what is wrong with the module, but with the compiler.
        if (!Array.isArray((error as BuildFailure).errors)) throw error;
        return error as BuildFailure;
      });
    if ('errors' in transformed) return { errors: transformed.errors };
    const { resolved, forbidden } = placeUses(transformed.code);
    if (forbidden !== undefined) return this.#placeProblem(path, text, forbidden);
    for (const specifier of resolved) {
      const wrong = this.#package(packageOf(specifier), specifier, dirname(path));
      if (specifier.startsWith('.')) return this.#placeProblem(path, text, 'import.meta.resolve');
      if (wrong !== undefined) return { errors: wrong.errors ?? [] };
    }
    this.#read.set(JSON.stringify([path, variant]), { loader, bare: transformed.code });
    return { contents, loader };
  }

  #placeProblem(path: string, text: string, use: string): OnLoadResult {
    const lines = text.split('\n');
    const line = lines.findIndex((each) => each.includes(use));
    const location =
      line < 0
        ? null
        : {
            file: relative(this.#options.root, path),
            line: line + 1,
            column: lines[line].indexOf(use),
            lineText: lines[line],
          };
    const what = `${use} goes by the place of the bundle that runs, not of this module: what it leads to would be in no key`;
    const hint =
      "Import the file, with { type: 'text' } or { type: 'bytes' } if it is no code; or let a param name it.";
    return { errors: [{ text: what, location, notes: [{ text: hint }] }] };
  }
}

/** Marks what is esbuild's own to resolve. */
const passedOn = Symbol('passed on');
/** The namespace of what modules of the older sort require from outside. */
const required = 'required';

function external(path: string, kind: OnResolveArgs['kind']): OnResolveResult {
  return kind === 'require-call' ? { path, namespace: required } : { path, external: true };
}

function problem(text: string, hint?: string): { errors: NonNullable<OnResolveResult['errors']> } {
  return { errors: [{ text, ...(hint !== undefined && { notes: [{ text: hint }] }) }] };
}

/** How a file is imported, where that is not as usual. */
function variantOf(suffix: string, { type }: Readonly<Record<string, string>>): string {
  return `${suffix}${type === undefined ? '' : ` as ${type}`}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sorted(entries: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
