// What `./pipeline` runs. On a prepared repository whose runner is built it only looks whether both are up to date,
// and goes on as the runner in this same process. Plain JavaScript of Node alone: nothing else may be there yet.
import nodeModule from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodeTooOld } from './prepare/node-version.mjs';

const tooOld = nodeTooOld(process.versions.node);
if (tooOld !== null) {
  process.stderr.write(`error: ${tooOld}\n`);
  process.exit(2);
}

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.env['PIPELINE_HOME'] = root;
// Stack traces in terms of the TypeScript sources cost time at each start, so only where one may be shown.
if (process.argv.includes('--verbose')) process.setSourceMapsEnabled(true);

const entry = await upToDate().catch(async (error) => {
  const { reportFailure } = await import('./prepare/reporter.mjs');
  process.exitCode = reportFailure(error);
});
if (entry !== undefined) {
  // From Node 22 on, what was compiled at the last start need not be compiled again. It goes with the build.
  /** @type {{ enableCompileCache?: (folder: string) => unknown }} */ (
    /** @type {unknown} */ (nodeModule)
  ).enableCompileCache?.(path.join(path.dirname(entry), 'compiled'));
  await import(pathToFileURL(entry).href);
}

/** @returns {Promise<string>} the built runner's entry */
async function upToDate() {
  const { isPrepared } = await import('./prepare/stamp.mjs');
  if (!isPrepared(root)) {
    const { prepare } = await import('./prepare/prepare.mjs');
    await prepare(root);
  }
  const { builtRunner } = await import('./build/runner.mjs');
  return builtRunner(root);
}
