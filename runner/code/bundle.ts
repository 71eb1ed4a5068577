import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, extname, join, relative, sep } from 'node:path';
import type { BuildFailure, Loader, Plugin } from 'esbuild';
import { type Stamp, stampPath } from '../fingerprint/stat.ts';
import { findPackageJson, packageOf, type PackageVersions } from './packages.ts';

/** The code of one kind: what its key covers, and the bundle that runs. */
export interface KindCode {
  /** SHA-256 of each module of the kind's graph without comments, types and white space, by workspace path. */
  readonly modules: Readonly<Record<string, string>>;
  /** Versions of the npm packages that these modules import. */
  readonly packages: Readonly<Record<string, string>>;
}

export interface BuiltKind {
  readonly code: KindCode;
  /**
   * Everything that was read or decided the resolution (modules, their folders, package.json's) by absolute path, as it
   * was before it was read: an edit during the build makes the bundle stale, never fresh.
   */
  readonly watched: Readonly<Record<string, Stamp | null>>;
  /** Bundle files by name relative to the output folder; the entry is `index.js`. */
  readonly files: readonly { readonly name: string; readonly contents: Uint8Array }[];
}

const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.js': 'js',
  '.mjs': 'js',
  '.json': 'json',
};

/**
 * Bundles the kind whose entry module is given. A module's digest is taken from the very text that goes into the
 * bundle, so that the code that was hashed is the code that runs, whatever is edited meanwhile.
 *
 * Errors: rejects with esbuild's `BuildFailure` where a module does not parse or resolve.
 */
export async function bundleKind(
  entry: string,
  options: {
    readonly workspace: string;
    /** The folder of the product itself: `pipeline/kind` is its `runner/kind/index.ts`. */
    readonly home: string;
    /** The folder below whose node_modules the bundle will lie. */
    readonly resolveFrom: string;
    readonly packages: PackageVersions;
  },
): Promise<BuiltKind> {
  const esbuild = await import('esbuild');
  const modules = new Map<string, string>();
  const packages = new Map<string, string>();
  const watched = new Map<string, Stamp | null>();
  const watch = (path: string): void => {
    if (!watched.has(path)) watched.set(path, stampPath(path) ?? null);
  };

  const graph: Plugin = {
    name: 'module-graph',
    setup(build) {
      build.onResolve({ filter: /^pipeline\/kind$/ }, () => ({
        path: join(options.home, 'runner', 'kind', 'index.ts'),
      }));
      build.onResolve({ filter: /^[^./]/ }, ({ path, resolveDir, kind }) => {
        if (kind === 'entry-point') return undefined;
        if (path.startsWith('node:') || builtinModules.includes(path)) return { path, external: true };
        const name = packageOf(path);
        const packageJson = findPackageJson(name, resolveDir) ?? findPackageJson(name, options.resolveFrom);
        if (packageJson === undefined) {
          return {
            errors: [{ text: `the npm package "${name}" is not installed; run: npm install ${name}` }],
          };
        }
        watch(packageJson);
        packages.set(name, options.packages.version(name, packageJson));
        return { path, external: true };
      });
      build.onLoad({ filter: /./ }, async ({ path }) => {
        const loader = loaders[extname(path)];
        if (loader === undefined) return undefined;
        watch(dirname(path));
        watch(path);
        const contents = await readFile(path, 'utf8');
        const name = moduleName(path, options);
        let bare = contents;
        if (loader !== 'json') {
          const transformed = await esbuild
            .transform(contents, {
              loader,
              sourcefile: name,
              minifyWhitespace: true,
              legalComments: 'none',
              tsconfigRaw: '{}',
            })
            .catch((error: unknown) => error as BuildFailure);
          if ('errors' in transformed) return { errors: transformed.errors };
          bare = transformed.code;
        }
        modules.set(name, createHash('sha256').update(bare).digest('hex'));
        return { contents, loader };
      });
    },
  };

  const result = await esbuild.build({
    entryPoints: [{ in: entry, out: 'index' }],
    outdir: join(options.workspace, '.out'),
    absWorkingDir: options.workspace,
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    legalComments: 'none',
    logLevel: 'silent',
    tsconfigRaw: '{}',
    plugins: [graph],
  });
  const outdir = join(options.workspace, '.out');
  return {
    code: { modules: sorted(modules), packages: sorted(packages) },
    watched: Object.fromEntries(watched),
    files: result.outputFiles.map((file) => ({
      name: relative(outdir, file.path),
      contents: file.contents,
    })),
  };
}

/** A path that is the same on every machine: relative to the workspace, or to the product for its own modules. */
function moduleName(path: string, { workspace, home }: { workspace: string; home: string }): string {
  const inWorkspace = relative(workspace, path);
  const name = inWorkspace.startsWith('..') ? relative(home, path) : inWorkspace;
  return name.split(sep).join('/');
}

function sorted(map: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}
