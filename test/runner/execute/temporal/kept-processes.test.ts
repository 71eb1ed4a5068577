import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { computedAgain, projectOf, resultsOf, resultsOfLocalRun } from '../../../support/divided-project.ts';
import type { Project } from '../../../support/rig.ts';
import type { Running } from '../../../support/running.ts';
import { devServer, testServer, type TemporalServer } from '../../../support/temporal.ts';
import { startWorker, stopWorker } from '../../../support/temporal-project.ts';
import { until } from '../../../support/until.ts';

const kinds = [testServer(), devServer()];
const kind = kinds.find(({ reason }) => reason === null);
const withServer = kind === undefined ? describe.skip : describe;
if (kind === undefined) console.warn(`skipped the processes of workers: ${kinds[0].reason ?? ''}`);

const rows = 82;

/** Notes each time that the row function is set up, by whom, and which of the earlier ones still live. */
const noting = `
  import { readFileSync } from 'node:fs';
  function noteSetUp() {
    const text = readFileSync(process.env.COUNTS, 'utf8');
    for (const [, pid] of text.matchAll(/^set up (\\d+)$/gm)) {
      try {
        process.kill(Number(pid), 0);
        appendFileSync(process.env.COUNTS, 'beside ' + pid + '\\n');
      } catch {}
    }
    appendFileSync(process.env.COUNTS, 'set up ' + process.pid + '\\n');
  }
`;

withServer('the process of a row stage on a worker', () => {
  let folder: string;
  let server: TemporalServer;
  let project: Project;
  let temporal: string[];
  const workers: Running[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kept-processes-'));
    server = await kind!.start(folder);
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    project = await projectOf(rows - 2, 5);
    await project.edit('stages/upper/upper.ts', 'export const setup', `${noting}\nexport const setup`);
    await project.edit('stages/upper/upper.ts', '=> ({', '=> (noteSetUp(), {');
    const queue = `kept-${process.pid}-${project.folder}`;
    temporal = ['--address', server.address, '--cache', project.path('shared'), '--task-queue', queue];
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await stopWorker(worker);
    await project.remove();
  });

  const addWorker = async (...args: string[]): Promise<void> => {
    workers.push(await startWorker(project, [...temporal, ...args]));
  };
  const run = (...args: string[]) => project.run('--executor', 'temporal', ...temporal, ...args);
  const noted = async (what: string): Promise<string[]> =>
    (await project.executions()).filter((line) => line.startsWith(what));

  it('serves all parts of the stage, set up once, with the results of a local run', async () => {
    await addWorker();
    const { code, stderr, rows: counts } = await run('--shard-rows', '10');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(counts.upper).toEqual({ total: rows, computed: rows, reused: 0 });
    expect(await noted('set up')).toHaveLength(1);
    expect(await computedAgain(project)).toBe(0);
    expect(resultsOf(project)).toEqual(await resultsOfLocalRun(project));
  });

  it('makes room for another stage before that is set up', async () => {
    await project.edit(
      'pipeline.yaml',
      '  join:',
      '  lower: {uses: upper, in: {words: words}, with: {end: "?"}}\n  join:',
    );
    await addWorker();
    const { code, stderr } = await run('--shard-rows', '10');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await noted('set up')).length).toBeGreaterThanOrEqual(2);
    expect(await noted('beside')).toEqual([]);
    expect(resultsOf(project)).toEqual(await resultsOfLocalRun(project));
  });

  it('ends by itself where no other part comes', async () => {
    await addWorker();
    await addWorker();
    expect((await run('--shard-rows', '10')).code).toBe(0);
    const processes = (await noted('set up')).map((line) => Number(line.split(' ')[2]));
    // One of the two has put the table together.
    expect(processes).toHaveLength(2);
    await until(() => processes.every((pid) => !isAlive(pid)));
    for (const worker of workers) expect(worker.child.exitCode).toBeNull();
  });

  it('is replaced where it was killed between two parts', async () => {
    await addWorker();
    await addWorker();
    expect((await run('--shard-rows', '10')).code).toBe(0);
    for (const line of await noted('set up')) {
      const pid = Number(line.split(' ')[2]);
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
    await project.write('data/another.txt', 'another');
    const { code, rows: counts } = await run();
    expect({ code, rows: counts.upper.computed }).toEqual({ code: 0, rows: 1 });
    expect(await computedAgain(project)).toBe(0);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
