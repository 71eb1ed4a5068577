import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { metricsSchema } from '../../../../stages/evaluate/metrics-file.ts';

const PIPELINE = `
stages:
  corpus: { uses: corpus }
  ingest: { uses: ingest, in: { files: corpus } }
  audio: { uses: preprocess, in: { clips: ingest }, with: { sampleRate: 16000 } }
  voice: { uses: features/egemaps, in: { clips: audio } }
  split: { uses: train/split, in: { clips: ingest }, with: { kind: speaker, folds: 3 } }
  forest: { uses: train/random-forest, in: { features: voice, split: split } }
  logistic: { uses: train/logistic-regression, in: { features: voice, split: split } }
  report: { uses: evaluate, in: { models: [forest, logistic], split: split } }
`;

/** The smallest pipeline with voice descriptors, once, by the real command in a workspace of its own. */
describe('a pipeline with features/egemaps', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-egemaps-'));
  let first: SpawnSyncReturns<string>;

  const pipeline = (...args: string[]): SpawnSyncReturns<string> =>
    spawnSync(resolve('pipeline'), args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    });

  beforeAll(() => {
    for (const name of ['stages', 'node_modules']) symlinkSync(resolve(name), join(folder, name));
    writeFileSync(join(folder, 'pipeline.yaml'), PIPELINE);
    first = pipeline('run');
  }, 300_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('trains linear models and forests on them, which do better than chance', () => {
    expect({ status: first.status, stdout: first.stdout }).toEqual({ status: 0, stdout: '' });
    const file = readFileSync(join(folder, 'artifacts/report/metrics.json'), 'utf8');
    const { results } = metricsSchema.parse(JSON.parse(file));
    expect(results.map(({ model, features }) => `${model} ${features}`).sort()).toEqual([
      'logistic-regression voice',
      'random-forest voice',
    ]);
    for (const { testAccuracy } of results) expect(testAccuracy).toBeGreaterThan(2 / 8);
  });

  it('shows a row, and computes nothing again', () => {
    const shown = pipeline('inspect', 'voice', '--json');
    expect(shown.status).toBe(0);
    expect(pipeline('run').stderr).toMatch(/: 0 ran, 8 cached\n/);
    const other = pipeline('run', '--dry-run', '--json', '--set', 'voice.groups=[pitch,loudness]');
    const stale = other.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { stage: string; state: string });
    expect(stale.filter(({ state }) => state !== 'cached').map(({ stage }) => stage)).toEqual([
      'voice',
      'forest',
      'logistic',
      'report',
    ]);
  });
});
