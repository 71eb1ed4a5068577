// Measures features/encoder beside PyTorch: `node bench/encoder/run.mjs PYTHON FOLDER ONNX_FOLDER [THREADS]`, where
// PYTHON has torch and transformers, FOLDER the encoder's PyTorch weights, and ONNX_FOLDER is what
// scripts/export-encoder.py made of it.
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// Below the repository, so that the packages left out of the bundle are found.
const folder = await mkdtemp(path.join(import.meta.dirname, '.bundle-'));
try {
  const outfile = path.join(folder, 'main.mjs');
  await build({
    entryPoints: [path.join(import.meta.dirname, 'main.ts')],
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
