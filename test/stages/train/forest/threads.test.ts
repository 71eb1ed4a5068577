import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

/** Prints a digest of the trees grown on each number of threads; bundled and run as stages are. */
const program = `
import { createHash } from 'node:crypto';
import { defaultForestOptions, fitForest, growOnThreads } from './stages/train/forest/index.ts';
const features = Float32Array.from({ length: 300 * 5 }, (_, i) => Math.sin(i * i));
const labels = Int32Array.from({ length: 300 }, (_, row) => (features[5 * row] > 0 ? row % 3 : 1));
for (const threads of [1, 2, 3, 20]) {
  const rows = { features, dimension: 5, labels, classes: 3 };
  const forest = await fitForest(rows, { ...defaultForestOptions, trees: 7 }, growOnThreads(threads));
  const hash = createHash('sha256');
  for (const tree of forest.trees) for (const array of Object.values(tree)) hash.update(array);
  hash.update(forest.importances);
  console.log(threads, forest.trees.length, hash.digest('hex'));
}
`;

describe('growing on threads', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'forest-'));
    await build({
      stdin: { contents: program, resolveDir: process.cwd(), loader: 'ts' },
      outdir: folder,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'error',
    });
    await writeFile(path.join(folder, 'package.json'), '{"type": "module"}');
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('gives the same trees on any number of threads', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(folder, 'stdin.js')]);
    const lines = stdout.trim().split('\n');
    const results = lines.map((line) => line.split(' '));
    expect(results.map(([threads, trees]) => `${threads} ${trees}`)).toEqual(['1 7', '2 7', '3 7', '20 7']);
    expect(new Set(results.map(([, , digest]) => digest)).size).toBe(1);
  });
});
