import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * What only runs on other machines need, and the workers and jobs on these. It is a bundle of its own, beside that of
 * the runner, which takes it in where an executor or a command of it is named: a local run does not read it.
 */
const FOLDERS = ['runner/execute/distributed', 'runner/execute/slurm', 'runner/execute/temporal'];

/** Its modules that the rest of the runner imports, by `import()`. */
const ENTRIES = [
  'runner/execute/slurm/client/cluster-cache.ts',
  'runner/execute/slurm/client/open.ts',
  'runner/execute/slurm/client/submission-status.ts',
  'runner/execute/slurm/task/perform.ts',
  'runner/execute/temporal/client/open.ts',
  'runner/execute/temporal/client/workflow-status.ts',
  'runner/execute/temporal/connection.ts',
  'runner/execute/temporal/worker/worker.ts',
];

/** Commands differ in what they use of it. */
const USES = ['run', 'worker', 'slurm-task'];

/**
 * A bundle that gives, by name, what its modules export. What they import of the rest of the runner is not in it:
 * whoever loads it hands that over, since both must have the same classes.
 * @param {typeof import('esbuild')} esbuild
 * @param {import('esbuild').BuildOptions & { write: false, metafile: true }} options as of the runner's bundles
 * @param {{ outdir: string, root: string }} folders
 */
export async function bundleExecutors(esbuild, options, { outdir, root }) {
  /** @type {Set<string>} */
  const taken = new Set();
  const entries = ENTRIES.filter((entry) => existsSync(path.join(root, entry)));
  const built = await esbuild.build({
    ...options,
    stdin: {
      contents: `module.exports = {${entries.map((entry) => `'${entry}': () => require('./${entry}')`).join()}};`,
      resolveDir: root,
    },
    outfile: path.join(outdir, 'executors.bundle.js'),
    plugins: [takenPlugin(root, taken), ...(options.plugins ?? [])],
    banner: { js: `${options.banner?.['js'] ?? ''}module.exports=(require,module)=>{` },
    footer: { js: 'return module.exports};' },
  });
  return { ...built, taken };
}

/**
 * Leaves what lies outside of the bundle's folders to whoever loads it, and notes what that is.
 * @param {string} root
 * @param {Set<string>} taken
 * @returns {import('esbuild').Plugin}
 */
function takenPlugin(root, taken) {
  return {
    name: 'taken',
    setup(build) {
      build.onResolve({ filter: /^\./ }, (imported) => {
        const name = nameOf(root, imported);
        if (isOfPackage(imported) || isExecutors(name)) return undefined;
        taken.add(name);
        return { path: name, external: true };
      });
    },
  };
}

/**
 * What the runner's own bundle has in the place of these modules: it loads the other bundle, once.
 * @param {string} root
 * @param {ReadonlySet<string>} taken modules that are handed over
 * @returns {import('esbuild').Plugin}
 */
export function executorsPlugin(root, taken) {
  return {
    name: 'executors',
    setup(build) {
      build.onResolve({ filter: /^\./ }, (imported) => {
        const name = nameOf(root, imported);
        if (isOfPackage(imported) || !isExecutors(name)) return undefined;
        if (imported.kind === 'dynamic-import' && ENTRIES.includes(name)) {
          return { path: name, namespace: 'executors' };
        }
        const text = `${name} is not part of the runner's own bundle: take it by import(), and list it in scripts/build/executors.mjs`;
        return { errors: [{ text }] };
      });
      build.onResolve({ filter: /^load$/, namespace: 'executors' }, () => ({
        path: 'load',
        namespace: 'executors',
      }));
      build.onLoad({ filter: /\.ts$/, namespace: 'executors' }, ({ path: name }) => ({
        contents: `module.exports = require('load')('${name}');`,
      }));
      build.onLoad({ filter: /^load$/, namespace: 'executors' }, () => ({
        contents: `
const taken = {${[...taken].map((name) => `'${name}': () => require('./${name}')`).join()}};
const take = (name) => (taken[name] ?? (() => require(name)))();
let executors;
module.exports = (name) => {
  executors ??= __compiled(
    __dirname + '/executors.bundle.js',
    ${JSON.stringify(USES)}.find((command) => command === process.argv[2]),
  )(take, { exports: {} });
  return executors[name]();
};`,
        resolveDir: root,
      }));
    },
  };
}

/**
 * @param {string} root
 * @param {{ resolveDir: string, path: string }} imported
 */
function nameOf(root, { resolveDir, path: wanted }) {
  return path.relative(root, path.join(resolveDir, wanted)).replaceAll(path.sep, '/');
}

/** @param {{ importer: string, namespace: string }} imported */
function isOfPackage({ importer, namespace }) {
  return namespace === 'lazy' || importer.includes(`${path.sep}node_modules${path.sep}`);
}

/** @param {string} name */
function isExecutors(name) {
  return FOLDERS.some((folder) => name.startsWith(`${folder}/`));
}
