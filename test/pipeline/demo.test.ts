import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { metricsSchema } from '../../stages/evaluate/metrics-file.ts';
import { python } from '../support/python.ts';

const { path: interpreter, reason } = python();

/** The whole DAG of the demo profile, once, by the real command in a workspace of its own. */
describe('pipeline run --profile demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-demo-'));
  let first: ReturnType<typeof pipeline>;

  const pipeline = (...args: string[]) =>
    spawnSync(resolve('pipeline'), args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
    });

  beforeAll(() => {
    for (const name of ['stages', 'node_modules']) symlinkSync(resolve(name), join(folder, name));
    for (const name of ['pipeline.yaml', 'demo'])
      cpSync(resolve(name), join(folder, name), { recursive: true });
    first = pipeline('run', '--profile', 'demo');
  }, 600_000);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const metrics = () =>
    metricsSchema.parse(JSON.parse(readFileSync(join(folder, 'artifacts/evaluate/metrics.json'), 'utf8')));

  it('ends by naming the report', () => {
    expect({ status: first.status, stdout: first.stdout }).toEqual({ status: 0, stdout: '' });
    expect(first.stderr.trimEnd().split('\n').at(-1)).toBe('report: artifacts/evaluate/report.html');
    for (const name of ['report.html', 'report.md', 'metrics.json']) {
      expect(existsSync(join(folder, 'artifacts/evaluate', name))).toBe(true);
    }
  });

  it('runs nothing the second time', () => {
    const { status, stderr } = pipeline('run', '--profile', 'demo');
    expect(status).toBe(0);
    expect(stderr).toMatch(/: 0 ran, 13 cached\n/);
  });

  it('trains every model of the study with its number of parameters', () => {
    const { results } = metrics();
    const of = (model: string) =>
      results.find((result) => result.model === model && result.features === 'mfcc');
    expect(of('lstm')).toMatchObject({ params: 305_864, trainableParams: 305_864 });
    expect(of('cnn')).toMatchObject({ params: 166_984, trainableParams: 166_088 });
    expect(of('cnn-lstm')).toMatchObject({ params: 378_344, trainableParams: 377_448 });
    expect(of('random-forest')).toBeDefined();
    expect(results.map(({ model, features }) => `${model} ${features}`)).toContain('random-forest wav2vec2');
  });

  it('recognises emotions of speakers it has not heard far better than chance', () => {
    const { split, results, dataset } = metrics();
    expect(split.kind).toBe('speaker');
    expect(dataset.speakers).toBeGreaterThanOrEqual(6);
    const chance = 1 / 8;
    for (const { model, features, testAccuracy } of results.filter((result) => result.features === 'mfcc')) {
      expect({ model, features, far: testAccuracy > 3 * chance }).toEqual({ model, features, far: true });
    }
  });

  (interpreter === null ? it.skip : it)(
    `gives figures that another program computes from the artifacts alone${reason === null ? '' : ` (${reason})`}`,
    () => {
      const { status, stdout, stderr } = spawnSync(
        interpreter!,
        [resolve('scripts/recompute.py'), join(folder, 'artifacts'), '--clips', 'ingest'],
        { encoding: 'utf8' },
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const [agreeing, all] = /^(\d+) of (\d+) figures agree\n$/.exec(stdout)!.slice(1).map(Number);
      expect(agreeing).toBe(all);
      // Five models: more than a hundred figures each, and ten pairs.
      expect(all).toBeGreaterThan(600);
    },
  );

  it('says in the report that the demo encoder has random weights', () => {
    const report = readFileSync(join(folder, 'artifacts/evaluate/report.html'), 'utf8');
    expect(report).toContain('The weights of the encoder demo/tiny-wav2vec2 are random');
  });

  it('reruns only training and evaluation for another number of epochs, and nothing on the way back', () => {
    const dryRun = pipeline('run', '--profile', 'demo', '--set', 'train.epochs=2', '--dry-run', '--json');
    const stale = dryRun.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { stage: string; state: string })
      .filter(({ state }) => state !== 'cached')
      .map(({ stage }) => stage);
    expect(stale).toEqual(['train[lstm,mfcc]', 'train[cnn,mfcc]', 'train[cnn-lstm,mfcc]', 'evaluate']);
  });
});
