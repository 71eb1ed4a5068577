import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cp } from 'node:fs/promises';
import type { RunRecord } from '../../../../runner/record/runs.ts';
import {
  computedAgain,
  failAtWord7,
  failuresAtWord7,
  projectOf,
  resultsOf,
  resultsOfLocalRun,
} from '../../../support/divided-project.ts';
import { type Running, start } from '../../../support/running.ts';
import { Project } from '../../../support/rig.ts';
import { credentials, s3Servers } from '../../../support/s3-servers.ts';
import { testServer, type TemporalServer } from '../../../support/temporal.ts';
import { startWorker, stopWorker } from '../../../support/temporal-project.ts';
import { until } from '../../../support/until.ts';

const kind = testServer();
const withServer = kind.reason === null ? describe : describe.skip;
if (kind.reason !== null) console.warn(`skipped the executor temporal: ${kind.reason}`);

const rows = 102;

withServer('the executor temporal', () => {
  let server: TemporalServer;
  let project: Project;
  let temporal: string[];
  const workers: Running[] = [];
  let queue = 0;

  beforeAll(async () => {
    server = await kind.start('');
  });
  afterAll(() => server.stop());

  beforeEach(async () => {
    project = await projectOf(rows - 2, 10);
    // A task queue of its own, so that no test meets the workflows of another.
    const name = `test-${process.pid}-${queue++}`;
    temporal = ['--address', server.address, '--cache', project.path('shared'), '--task-queue', name];
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await stopWorker(worker);
    await project.remove();
  });

  const addWorker = async (checkout = project): Promise<void> => {
    workers.push(await startWorker(checkout, temporal));
  };
  const run = (...args: string[]) => project.run('--executor', 'temporal', ...temporal, ...args);

  it('makes on two workers what a local run makes, each row once', async () => {
    await addWorker();
    await addWorker();
    const { code, ran, rows: counts, stderr } = await run('--shard-rows', '20');
    expect({ code, ran, stderr }).toEqual({ code: 0, ran: ['words', 'upper', 'join'], stderr: '' });
    expect(counts.upper).toEqual({ total: rows, computed: rows, reused: 0 });
    expect(resultsOf(project)).toEqual(await resultsOfLocalRun(project));
    expect(await computedAgain(project)).toBe(0);
    for (const worker of workers) expect(worker.printed()).toMatch(/upper: rows \d+ to \d+ of those missing/);
  });

  const [s3] = s3Servers;
  (s3.reason === null ? it : it.skip)(`makes the same through a bucket of ${s3.name}`, async () => {
    const store = await s3.start();
    Object.assign(process.env, credentials);
    const address = `s3://${store.bucket}/cache?endpoint=${store.endpoint}&region=us-east-1`;
    temporal = temporal.map((argument) => (argument === project.path('shared') ? address : argument));
    await addWorker();
    const { code, stderr } = await run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(resultsOf(project)).toEqual(await resultsOfLocalRun(project));
    expect(await computedAgain(project)).toBe(0);
    await store.stop();
  });

  it('asks no worker for what the shared cache has', async () => {
    await addWorker();
    await run();
    await stopWorker(workers.pop()!);
    await project.delete('artifacts');
    const again = await run();
    expect(again.cached).toEqual(['words', 'upper', 'join']);
  });

  it('computes only the rows that are new', async () => {
    await addWorker();
    await run();
    await project.write('data/another.txt', 'another');
    const { rows: counts } = await run();
    expect(counts.upper).toEqual({ total: rows + 1, computed: 1, reused: rows });
    expect(await computedAgain(project)).toBe(0);
  });

  it('refuses a worker whose code is not the plan’s, by stage, file and both digests', async () => {
    const other = await Project.create({});
    await cp(project.folder, other.folder, { recursive: true });
    await other.edit('stages/upper/loud.ts', 'toUpperCase', 'toLowerCase');
    await addWorker(other);
    const { code, failed, events } = await run();
    expect({ code, failed }).toEqual({ code: 1, failed: ['upper'] });
    const failure = events.find((event) => event.type === 'stage-failed');
    const message = failure?.type === 'stage-failed' ? failure.problems[0].message : '';
    expect(message).toMatch(
      /^the code of upper on this worker is not the plan's: [0-9a-f]{12} here, [0-9a-f]{12} in the plan; stages\/upper\/loud\.ts differ$/,
    );
    await other.remove();
  });

  it('tells of a row that fails as a local run does, after as many retries', async () => {
    await failAtWord7(project);
    await addWorker();
    const { code, events } = await run();
    expect(code).toBe(1);
    failuresAtWord7(events);
    // The rows that did not fail were finished once, whatever was tried again.
    const again = (await project.executions()).filter((line) => line === 'upper word1.txt');
    expect(again).toHaveLength(1);
  });

  it('detaches and joins again', async () => {
    await addWorker();
    const client = start(project, ['run', '--executor', 'temporal', '--on-interrupt', 'detach', ...temporal]);
    await until(async () => (await project.executions()).some((line) => line.startsWith('upper')));
    client.child.kill('SIGINT');
    expect(await client.ended).toBe(130);
    expect(client.printed()).toMatch(/detached: pipeline-[0-9a-f]{32} goes on/);
    const listed = await project.pipeline('runs');
    expect(listed.stdout).toMatch(/detached/);
    const { code } = await run();
    expect(code).toBe(0);
    expect(await computedAgain(project)).toBe(0);
  });

  it('cancels, and another run takes over the rows that were finished', async () => {
    await addWorker();
    const client = start(project, ['run', '--executor', 'temporal', '--shard-rows', '1000', ...temporal]);
    await until(
      async () => (await project.executions()).filter((line) => line.startsWith('upper')).length > 40,
    );
    client.child.kill('SIGINT');
    expect(await client.ended).toBe(130);
    const [record] = JSON.parse((await project.pipeline('runs', '--json')).stdout) as RunRecord[];
    expect(record.remote).toMatchObject({ workflows: [{ state: 'cancelled' }] });
    await until(() => workers[0].printed().includes('cancelled'));
    const { code } = await run();
    expect(code).toBe(0);
    expect(await computedAgain(project)).toBeLessThanOrEqual(32);
  });

  it('says before anything runs what it lacks or cannot do', async () => {
    const noCache = await project.pipeline('run', '--executor', 'temporal');
    expect(noCache).toMatchObject({ code: 2 });
    expect(noCache.stderr).toContain('the executor temporal needs a cache that client and workers share');
    const forced = await project.pipeline('run', '--executor', 'temporal', '--force', ...temporal);
    expect(forced).toMatchObject({ code: 2 });
    expect(forced.stderr).toContain('--force makes stages run again');
    const worker = await project.pipeline('worker');
    expect(worker).toMatchObject({ code: 2 });
    expect(worker.stderr).toContain('a worker needs a shared cache');
  });
});
