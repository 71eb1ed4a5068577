import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { build } from 'esbuild';

/** In processes of their own: TensorFlow takes its number of threads when it is loaded. */
let scratch: string;
beforeAll(async () => {
  scratch = mkdtempSync(path.join('node_modules', '.threads-test-'));
  await build({
    entryPoints: ['test/stages/train/neural/train-once.ts'],
    outfile: path.join(scratch, 'train-once.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

async function digests(threads: number): Promise<string[]> {
  const program = path.join(scratch, 'train-once.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [program, String(threads)]);
  return JSON.parse(stdout) as string[];
}

it('gives the same bits on one thread, on two and on five, alone or beside other trainings', async () => {
  const alone = await digests(1);
  expect(new Set(alone).size).toBe(3);
  const together = await Promise.all([digests(1), digests(2), digests(5)]);
  for (const result of together) expect(result).toEqual(alone);
});
