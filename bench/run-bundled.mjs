import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/**
 * Runs the `main.ts` of a benchmark, which may import the product's own TypeScript.
 * @param {string} benchmark its folder
 */
export async function runBundled(benchmark) {
  // Below the repository, so that the packages left out of the bundle are found.
  const folder = await mkdtemp(path.join(benchmark, '.bundle-'));
  try {
    const outfile = path.join(folder, 'main.mjs');
    await build({
      entryPoints: [path.join(benchmark, 'main.ts')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'error',
    });
    await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}
