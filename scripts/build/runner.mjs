import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { PreparationFailure } from '../prepare/failure.mjs';

/** What of the runner starts on its own: the command, a stage's process, and a thread that runs rows. */
const ENTRIES = ['runner/main.ts', 'runner/execute/host.ts', 'runner/execute/row-worker.ts'];

/**
 * Packages that become part of the bundle: plain JavaScript in many files, which one by one take longer to load than
 * all the rest of a start. zod is not among them, since the stages' schemas must be of the same zod as the runner's.
 */
const INLINED = new Set([
  'apache-arrow',
  'fastest-levenshtein',
  'flatbuffers',
  'p-limit',
  'picocolors',
  'yaml',
  'yargs',
]);

/**
 * Packages that the runner and the stages must share one copy of, since objects of theirs go from one to the other. Each
 * becomes one file, in a `node_modules` that lies nearer to both than the real one.
 */
const SHARED = ['zod'];

/** Beside the runner's own modules, what decides how it is built. */
const SETTINGS = ['tsconfig.json', 'package-lock.json', 'scripts/build/runner.mjs'];

/** So many builds are kept: a process may still load parts of the one that it was started from. */
const KEPT = 10;

/**
 * @typedef {Record<string, { size: number, mtimeMs: number }>} Sources by path relative to the repository
 * @typedef {{ build: string, sources: Sources }} Current the build in use and what it was made from
 */

/**
 * The runner as JavaScript that Node can run, built anew only if one of its modules has changed.
 * @param {string} root of the repository
 * @returns {Promise<string>} path of the entry
 */
export async function builtRunner(root) {
  const folder = path.join(root, 'node_modules', '.cache', 'pipeline');
  const current = readCurrent(folder);
  const build =
    current !== null && unchanged(root, current.sources) ? current.build : await buildIn(folder, root);
  return path.join(folder, build, 'main.js');
}

/** @param {string} folder */
const currentFile = (folder) => path.join(folder, 'current.json');

/**
 * @param {string} folder
 * @returns {Current | null}
 */
function readCurrent(folder) {
  try {
    return JSON.parse(readFileSync(currentFile(folder), 'utf8'));
  } catch {
    return null;
  }
}

/**
 * @param {string} root
 * @param {Sources} sources
 */
function unchanged(root, sources) {
  return Object.entries(sources).every(([name, { size, mtimeMs }]) => {
    const now = statSync(path.join(root, name), { throwIfNoEntry: false });
    return now !== undefined && now.size === size && now.mtimeMs === mtimeMs;
  });
}

/**
 * Builds into a folder of its own and then makes it the current one in one step, so that launches at the same time
 * never see half a build.
 * @param {string} folder
 * @param {string} root
 * @returns {Promise<string>} the build's name
 */
async function buildIn(folder, root) {
  const startedMs = Date.now();
  mkdirSync(folder, { recursive: true });
  const outdir = mkdtempSync(path.join(folder, `${startedMs}-`));
  const build = path.basename(outdir);
  const { metafile } = await bundle(outdir, root);
  for (const name of SHARED) await bundleShared(name, folder, root);
  writeFileSync(path.join(outdir, 'package.json'), '{ "type": "module" }\n');
  const modules = Object.keys(metafile.inputs).filter((name) => !name.startsWith('node_modules/'));
  const sources = stampSources(root, [...modules, ...SETTINGS], startedMs);
  const partial = path.join(folder, `${build}.json`);
  writeFileSync(partial, JSON.stringify({ build, sources }));
  renameSync(partial, currentFile(folder));
  removeOldBuilds(folder);
  return build;
}

/**
 * Leaves to Node what the runner imports of packages, but for those that become part of the bundle.
 * @type {import('esbuild').Plugin}
 */
const packagesPlugin = {
  name: 'packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path: wanted, importer, kind }) => {
      if (kind === 'entry-point' || importer.includes(`${path.sep}node_modules${path.sep}`)) return undefined;
      const name = wanted.split('/', wanted.startsWith('@') ? 2 : 1).join('/');
      return INLINED.has(name) ? undefined : { path: wanted, external: true };
    });
  },
};

/**
 * @param {string} outdir
 * @param {string} root
 */
async function bundle(outdir, root) {
  const esbuild = await import('esbuild');
  try {
    return await esbuild.build({
      absWorkingDir: root,
      entryPoints: ENTRIES,
      // All in one folder: the runner finds its other entries beside the module that asks.
      outdir,
      entryNames: '[name]',
      chunkNames: 'chunk-[hash]',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      plugins: [packagesPlugin],
      // Inlined packages of the older module system ask for Node's own modules by `require`.
      banner: {
        js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
      },
      minifyWhitespace: true,
      minifySyntax: true,
      sourcemap: 'linked',
      sourcesContent: false,
      metafile: true,
      logLevel: 'silent',
    });
  } catch (error) {
    rmSync(outdir, { recursive: true, force: true });
    if (!(error instanceof Error) || !('errors' in error)) throw error;
    const { errors } = /** @type {import('esbuild').BuildFailure} */ (error);
    const lines = await esbuild.formatMessages(errors.slice(0, 3), { kind: 'error', terminalWidth: 100 });
    throw new PreparationFailure(
      `the runner cannot be built:\n${lines.join('')}`,
      'mend its source, or restore it by git',
    );
  }
}

/**
 * A package of many files as one: a start reads and compiles it in a quarter of the time. Of each version there is a file
 * of its own, so that launches at the same time never see half of one.
 * @param {string} name
 * @param {string} folder that holds the builds
 * @param {string} root
 */
async function bundleShared(name, folder, root) {
  const installed = path.join(root, 'node_modules', name, 'package.json');
  if (!existsSync(installed)) return;
  const { version } = JSON.parse(readFileSync(installed, 'utf8'));
  const home = path.join(folder, 'node_modules', name);
  const main = `${version}.js`;
  const description = { name, version, type: 'module', exports: `./${main}` };
  const esbuild = await import('esbuild');
  const { outputFiles } = await esbuild.build({
    stdin: { contents: `export * from '${name}'; export { default } from '${name}';`, resolveDir: root },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifyWhitespace: true,
    minifySyntax: true,
    write: false,
    logLevel: 'silent',
  });
  mkdirSync(home, { recursive: true });
  replaceFile(path.join(home, main), outputFiles[0]?.contents ?? '');
  replaceFile(path.join(home, 'package.json'), JSON.stringify(description));
}

/**
 * @param {string} file
 * @param {string | Uint8Array} contents
 */
function replaceFile(file, contents) {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, contents);
  renameSync(partial, file);
}

/**
 * @param {string} root
 * @param {readonly string[]} names
 * @param {number} startedMs when the build began
 * @returns {Sources}
 */
function stampSources(root, names, startedMs) {
  /** @type {Sources} */
  const sources = {};
  for (const name of names) {
    const { size, mtimeMs } = statSync(path.join(root, name));
    // Written while it was being read: no later look may find it unchanged.
    sources[name] = { size, mtimeMs: mtimeMs < startedMs ? mtimeMs : 0 };
  }
  return sources;
}

/** @param {string} folder */
function removeOldBuilds(folder) {
  const builds = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d+-/.test(entry.name))
    .map((entry) => entry.name)
    .sort((left, right) => Number.parseInt(right) - Number.parseInt(left));
  for (const build of builds.slice(KEPT)) rmSync(path.join(folder, build), { recursive: true, force: true });
}
