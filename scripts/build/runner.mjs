import {
  chmodSync,
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
import { bundleShared, replaceFile, SHARED, writeCompiled } from './shared.mjs';

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
  'string-width',
  'yaml',
  'yargs',
]);

/** Beside the runner's own modules, what decides how it is built. */
const SETTINGS = [
  'tsconfig.json',
  'package-lock.json',
  'scripts/build/runner.mjs',
  'scripts/build/executors.mjs',
  'scripts/build/shared.mjs',
  'scripts/build/compiled.cjs',
];

/** So many builds are kept, and all of the last hours: a run may still start processes from the one it was started from. */
const KEPT = 10;
const KEPT_HOURS = 12;

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
    const now = statSync(`${root}${path.sep}${name}`, { throwIfNoEntry: false });
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
  // Another user may start what this one has built.
  chmodSync(outdir, 0o755);
  const build = path.basename(outdir);
  const { inputs, outputFiles } = await bundle(outdir, root);
  for (const name of SHARED) await bundleShared(name, folder, root);
  for (const { path: file, text } of outputFiles) writeCompiled(outdir, path.basename(file), text);
  for (const entry of ENTRIES) {
    const name = path.basename(entry, '.ts');
    replaceFile(path.join(outdir, `${name}.js`), startOf(name));
  }
  writeFileSync(path.join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  const modules = inputs.filter((name) => !/^(node_modules\/|lazy:|executors:|<stdin>)/.test(name));
  const sources = stampSources(root, [...modules, ...SETTINGS], startedMs);
  const partial = path.join(folder, `${build}.json`);
  writeFileSync(partial, JSON.stringify({ build, sources }));
  renameSync(partial, currentFile(folder));
  removeOldBuilds(folder);
  return build;
}

/**
 * Commands differ in what they use of the runner, so what is kept compiled is kept by command.
 * @param {string} name of an entry
 */
function startOf(name) {
  const use =
    name === 'main' ? `['run', 'status'].find((command) => command === process.argv[2])` : 'undefined';
  return `require('./compiled.cjs')(require.resolve('./${name}.bundle.js'), ${use});\n`;
}

/**
 * What is loaded when it is first called: most starts do without. The regular expressions of string-width take as long to
 * make as all the rest of the command line's parsing, and only help that is laid out in columns needs them; picomatch serves
 * pipelines that have patterns.
 * @type {Readonly<Record<string, string>>}
 */
const LAZY = {
  'string-width': `let measure; export default (...args) => (measure ??= require('string-width').default)(...args);`,
  picomatch: `let made; const lazy = () => (made ??= require('picomatch')); const picomatch = (...args) => lazy()(...args); picomatch.scan = (...args) => lazy().scan(...args); export default picomatch;`,
};

/**
 * Leaves to Node what the runner imports of packages, but for those that become part of the bundle.
 * @type {import('esbuild').Plugin}
 */
const packagesPlugin = {
  name: 'packages',
  setup(build) {
    build.onResolve({ filter: /^(?:string-width|picomatch)$/ }, ({ namespace, path: wanted }) =>
      namespace === 'lazy' ? undefined : { path: wanted, namespace: 'lazy' },
    );
    build.onResolve({ filter: /^[^./]/ }, ({ path: wanted, importer, kind }) => {
      if (kind === 'entry-point' || importer.includes(`${path.sep}node_modules${path.sep}`)) return undefined;
      const name = wanted.split('/', wanted.startsWith('@') ? 2 : 1).join('/');
      return INLINED.has(name) ? undefined : { path: wanted, external: true };
    });
    build.onLoad({ filter: /./, namespace: 'lazy' }, ({ path: name }) => ({
      contents: LAZY[name],
      resolveDir: build.initialOptions.absWorkingDir ?? '',
    }));
  },
};

/**
 * @param {string} outdir
 * @param {string} root
 */
async function bundle(outdir, root) {
  const esbuild = await import('esbuild');
  // Like esbuild itself, of no use to a start that finds a build.
  const { bundleExecutors, executorsPlugin } = await import('./executors.mjs');
  const options = {
    absWorkingDir: root,
    bundle: true,
    write: /** @type {const} */ (false),
    format: /** @type {const} */ ('cjs'),
    platform: /** @type {const} */ ('node'),
    target: 'node20.19',
    plugins: [packagesPlugin],
    // Only the older module system can run what was compiled at an earlier start: see compiled.cjs.
    banner: {
      js: `const moduleUrl=require('node:url').pathToFileURL(__filename).href,__compiled=require('./compiled.cjs'),__load=__compiled.load;`,
    },
    define: { 'import.meta.url': 'moduleUrl' },
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: /** @type {const} */ ('linked'),
    sourcesContent: false,
    metafile: /** @type {const} */ (true),
    logLevel: /** @type {const} */ ('silent'),
  };
  try {
    const executors = await bundleExecutors(esbuild, options, { outdir, root });
    const runner = await esbuild.build({
      ...options,
      entryPoints: ENTRIES,
      // All in one folder: the runner finds its other entries beside the module that asks.
      outdir,
      entryNames: '[name].bundle',
      plugins: [executorsPlugin(root, executors.taken), ...options.plugins],
    });
    return {
      inputs: [executors, runner].flatMap(({ metafile }) => Object.keys(metafile.inputs)),
      outputFiles: [...executors.outputFiles, ...runner.outputFiles],
    };
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
  const old = builds
    .slice(KEPT)
    .filter((build) => Date.now() - Number.parseInt(build) > KEPT_HOURS * 3_600_000);
  for (const build of old) rmSync(path.join(folder, build), { recursive: true, force: true });
}
