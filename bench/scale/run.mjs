// What stages on workers cost and gain: `node bench/scale/run.mjs [--rows 240] [--cheap-rows 4000]`, with `temporal` on
// the PATH and the optional part temporal installed. Measures one local thread, one worker and two, then simulates 10 to
// 1,000 workers with the figures measured. With `--wait`, rows wait in the place of computing: on a loaded machine that
// shows what the executor costs and gains by itself. `--simulate` leaves out the measuring and takes the figures of docs/scale.md.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = await mkdtemp(path.join(tmpdir(), 'bench-scale-'));
const outfile = path.join(folder, 'main.mjs');
try {
  await build({
    entryPoints: [path.join(import.meta.dirname, 'main.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'error',
  });
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(folder, { recursive: true });
}
