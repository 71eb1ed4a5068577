/**
 * Files/s of the study's features beside librosa, on one machine in one run: reading, decoding, resampling, trimming,
 * normalising, features and writing an Arrow file, on either side. Rounds alternate between the sides, and the best of
 * each counts.
 *
 *     python3 -m venv /tmp/librosa && /tmp/librosa/bin/pip install librosa==0.11.0 joblib pyarrow
 *     node bench/features/run.mjs --python /tmp/librosa/bin/python [--files DIR] [--count N] [--rounds N]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const CASES = [
  { rate: 48_000, coefficients: 40, workers: 1 },
  { rate: 16_000, coefficients: 13, workers: 1 },
  { rate: 48_000, coefficients: 40, workers: 2 },
  { rate: 16_000, coefficients: 13, workers: 2 },
];

/** Left to themselves, BLAS and OpenMP start a thread for each core, which slows librosa down several times. */
const ONE_THREAD = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  NUMBA_NUM_THREADS: '1',
};

const here = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    files: { type: 'string', default: '../shared/ravdess-mini' },
    count: { type: 'string', default: '1280' },
    rounds: { type: 'string', default: '3' },
  },
});

const scratch = mkdtempSync(path.join(path.dirname(path.dirname(here)), 'node_modules', '.bench-features-'));
try {
  const bundle = path.join(scratch, 'pipeline-side.mjs');
  await build({
    entryPoints: [path.join(here, 'pipeline-side.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const found = readdirSync(values.files, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.toLowerCase().endsWith('.wav'))
    .sort()
    .map((name) => path.resolve(values.files, name));
  if (found.length === 0) throw new Error(`no wav files in ${values.files}: name a folder with --files`);
  const files = Array.from({ length: Number(values.count) }, (_, index) => found[index % found.length]);

  const sides = {
    librosa: [values.python, path.join(here, 'librosa_side.py')],
    pipeline: [process.execPath, bundle],
  };
  /** @type {(side: 'librosa' | 'pipeline', test: (typeof CASES)[number]) => {filesPerSecond: number, first: number[]}} */
  const measure = (side, { rate, coefficients, workers }) => {
    const [command, program] = sides[side];
    const output = path.join(scratch, `${side}.arrow`);
    const args = [program, ...[rate, coefficients, workers].map(String), output, ...files];
    const env = { ...process.env, ...ONE_THREAD };
    return JSON.parse(execFileSync(command, args, { env, encoding: 'utf8', maxBuffer: 2 ** 26 }));
  };

  console.log(`${files.length} files of ${found.length}, ${os.cpus()[0].model}, Node ${process.version}`);
  console.log('rate   coefficients  workers  librosa  pipeline   ratio  greatest difference');
  for (const test of CASES) {
    const best = { librosa: 0, pipeline: 0 };
    let difference = 0;
    for (let round = 0; round < Number(values.rounds); round++) {
      const theirs = measure('librosa', test);
      const ours = measure('pipeline', test);
      best.librosa = Math.max(best.librosa, theirs.filesPerSecond);
      best.pipeline = Math.max(best.pipeline, ours.filesPerSecond);
      difference = Math.max(...ours.first.map((value, index) => Math.abs(value - theirs.first[index])));
    }
    console.log(
      [
        String(test.rate).padEnd(5),
        String(test.coefficients).padStart(13),
        String(test.workers).padStart(8),
        `${best.librosa.toFixed(0)}/s`.padStart(8),
        `${best.pipeline.toFixed(0)}/s`.padStart(9),
        `${(best.pipeline / best.librosa).toFixed(2)}x`.padStart(7),
        difference.toExponential(1).padStart(20),
      ].join(' '),
    );
  }
} finally {
  rmSync(scratch, { recursive: true });
}
