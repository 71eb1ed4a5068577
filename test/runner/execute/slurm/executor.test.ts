import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../../../runner/record/runs.ts';
import {
  computedAgain,
  failAtWord7,
  failuresAtWord7,
  projectOf,
  resultsOf,
  resultsOfLocalRun,
} from '../../../support/divided-project.ts';
import { start } from '../../../support/running.ts';
import type { Project } from '../../../support/rig.ts';
import { noSlurmCluster, type SlurmCluster, startSlurmCluster } from '../../../support/slurm.ts';
import { until } from '../../../support/until.ts';

const reason = noSlurmCluster();
const withSlurm = reason === null ? describe : describe.skip;
if (reason !== null) console.warn(`skipped the executor slurm on a cluster: ${reason}`);

const rows = 102;
/** What a lost task may cost. */
const rowsOfBatch = 32;

withSlurm('the executor slurm', () => {
  let cluster: SlurmCluster;
  let project: Project;
  const before = { ...process.env };
  const slurm = ['run', '--executor', 'slurm', '--poll-seconds', '2'];

  beforeAll(async () => {
    cluster = await startSlurmCluster();
    Object.assign(process.env, cluster.env);
  });
  afterAll(async () => {
    await cluster.stop();
    for (const name of Object.keys(cluster.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
  });

  beforeEach(async () => {
    project = await projectOf(rows - 2, 20);
  });
  afterEach(() => project.remove());

  const run = (...args: string[]) => project.run(...slurm.slice(1), ...args);
  const upperRows = async (): Promise<number> =>
    (await project.executions()).filter((line) => line.startsWith('upper ')).length;
  /** Where the job of a stage runs. */
  const nodeOf = async (stage: string): Promise<string> => {
    let node = '';
    await until(() => {
      const args = ['--noheader', '--states=running', `--name=${stage}`, '--format=%N'];
      node = execFileSync('squeue', args, { env: process.env, encoding: 'utf8' }).trim();
      return node !== '';
    });
    return node;
  };

  it('makes what a local run makes, each row once, in an array of jobs', async () => {
    const { code, ran, rows: counts, stderr, events } = await run('--array-tasks', '4');
    expect({ code, ran, stderr }).toEqual({ code: 0, ran: ['words', 'upper', 'join'], stderr: '' });
    expect(counts.upper).toEqual({ total: rows, computed: rows, reused: 0 });
    expect(resultsOf(project)).toEqual(await resultsOfLocalRun(project));
    expect(await computedAgain(project)).toBe(0);
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(notices).toEqual([
      expect.stringMatching(
        /^stages run on Slurm: submission [0-9a-f]{8}\/\d{8}-\d{6}-[0-9a-f]{4}, jobs \d+, \d+, \d+ of test$/,
      ),
    ]);
    const logs = readdirSync(join(submissionFolder(project), 'logs')).sort();
    expect(logs).toEqual([
      '1-upper-rows-0.log',
      '1-upper-rows-1.log',
      '1-upper-rows-2.log',
      '1-upper-rows-3.log',
      '1-upper.log',
      '2-join.log',
    ]);
  });

  it('submits nothing for what is cached, and one job for one row more', async () => {
    await project.pipeline('run');
    await project.forgetExecutions();
    const again = await run();
    expect(again.cached).toEqual(['words', 'upper', 'join']);
    expect(existsSync(join(project.folder, 'artifacts', '.cache', 'slurm'))).toBe(false);
    await project.write('data/another.txt', 'another');
    const { rows: counts, events } = await run();
    expect(counts.upper).toEqual({ total: rows + 1, computed: 1, reused: rows });
    expect((await project.executions()).filter((line) => line.startsWith('upper '))).toEqual([
      'upper another.txt',
    ]);
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(notices[0]).toMatch(/jobs \d+, \d+ of test$/);
  });

  it('loses at most a batch of rows with a node, whose tasks Slurm queues again', async () => {
    await project.edit('stages/upper/upper.ts', ', 20)', ', 200)');
    const client = start(project, [...slurm, '--array-tasks', '4']);
    await until(async () => (await upperRows()) > 30);
    await cluster.lose('n1');
    expect({ code: await client.ended, printed: client.printed() }).toMatchObject({ code: 0 });
    cluster.bringBack('n1');
    expect(client.printed()).toMatch(/job \d+_\d was lost on n1; Slurm queues it again/);
    expect(resultsOf(project)).toEqual(await resultsOfLocalRun(project));
    const again = await computedAgain(project);
    console.log(`${again} of ${rows} rows computed twice after the loss of a node with two tasks`);
    expect(again).toBeLessThanOrEqual(2 * rowsOfBatch);
  }, 300_000);

  it('queues a training again whose node is lost, which goes on from its last checkpoint', async () => {
    await project.write(
      'pipeline.yaml',
      'stages:\n  words: {uses: words}\n  steps: {uses: steps, in: {words: words}}\n',
    );
    for (const [name, text] of Object.entries(stepsKind)) await project.write(name, text);
    const client = start(project, slurm);
    const steps = async (): Promise<string[]> =>
      (await project.executions()).filter((line) => line.startsWith('step '));
    await until(async () => (await steps()).length > 10);
    const node = await nodeOf('steps');
    await cluster.lose(node);
    expect({ code: await client.ended, printed: client.printed() }).toMatchObject({ code: 0 });
    cluster.bringBack(node);
    expect(new Set(await steps()).size).toBe(40);
    expect((await steps()).length - 40).toBeLessThanOrEqual(1);
  }, 300_000);

  it('tells of a row that fails as a local run does, after as many retries', async () => {
    await failAtWord7(project);
    const { code, events } = await run('--array-tasks', '2');
    expect(code).toBe(1);
    const failures = failuresAtWord7(events);
    expect(failures[1].output).toContain('at word7.txt');
    expect(readFileSync(failures[1].log, 'utf8')).toContain('at word7.txt');
    // The rows that did not fail were finished once, whatever was tried again.
    expect((await project.executions()).filter((line) => line === 'upper word1.txt')).toHaveLength(1);
    const { stdout } = await project.pipeline('runs');
    expect(stdout).toMatch(/\[slurm at test: submission \S+ failed\]/);
  });

  it('detaches and joins again', async () => {
    await project.edit('stages/upper/upper.ts', ', 20)', ', 100)');
    const client = start(project, [...slurm, '--array-tasks', '3', '--on-interrupt', 'detach']);
    await until(async () => (await upperRows()) > 5);
    client.child.kill('SIGINT');
    expect(await client.ended).toBe(130);
    expect(client.printed()).toMatch(/detached: submission \S+ goes on; run the same again to join it/);
    const listed = await project.pipeline('runs');
    expect(listed.stdout).toMatch(/\[slurm at test: submission \S+ detached, now \d running, \d waiting\]/);
    const { code, events } = await run('--array-tasks', '3');
    expect(code).toBe(0);
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(notices[0]).toMatch(/^joined what runs on Slurm: submission /);
    expect(await computedAgain(project)).toBe(0);
    expect(resultsOf(project)).toEqual(await resultsOfLocalRun(project));
    const after = await project.pipeline('runs');
    expect(after.stdout).toMatch(/submission \S+ finished\]\n.*submission \S+ detached, now over\]/);
  });

  it('goes on without its client, which another joins or finds its work done', async () => {
    const client = start(project, [...slurm, '--array-tasks', '3']);
    await until(async () => (await upperRows()) > 5);
    client.child.kill('SIGKILL');
    await client.ended;
    await until(async () => (await project.executions()).includes('join'));
    const { code } = await run('--array-tasks', '3');
    expect(code).toBe(0);
    expect(await computedAgain(project)).toBe(0);
    expect(resultsOf(project)).toEqual(await resultsOfLocalRun(project));
  });

  it('cancels, and another run takes over the rows that were finished', async () => {
    await project.edit('stages/upper/upper.ts', ', 20)', ', 100)');
    const client = start(project, [...slurm, '--array-tasks', '2']);
    await until(async () => (await upperRows()) > 40);
    client.child.kill('SIGINT');
    expect(await client.ended).toBe(130);
    const [record] = JSON.parse((await project.pipeline('runs', '--json')).stdout) as RunRecord[];
    expect(record.remote).toMatchObject({ executor: 'slurm', submissions: [{ state: 'cancelled' }] });
    const { code } = await run('--array-tasks', '2');
    expect(code).toBe(0);
    expect(await computedAgain(project)).toBeLessThanOrEqual(2 * rowsOfBatch);
  });

  it('says what Slurm refuses in its own words, with a way out', async () => {
    const { code, events } = await run('--partition', 'gpu');
    const failure = events.find((event) => event.type === 'stage-failed');
    expect({ code, problem: failure?.type === 'stage-failed' && failure.problems[0] }).toEqual({
      code: 1,
      problem: {
        stage: 'upper',
        message:
          'Slurm refuses the job of upper: invalid partition specified: gpu; ' +
          'Batch job submission failed: Invalid partition name specified',
        hint: 'Name another that is yours to use with --partition; there are: sinfo --summarize',
      },
    });
  });

  it('tells of a job that reaches its time limit, and keeps the rows it has finished', async () => {
    await project.edit('stages/upper/upper.ts', ', 20)', ', 100)');
    // On a disk of the node's own, for all that the jobs know.
    const client = start(project, [
      ...slurm,
      '--array-tasks',
      '1',
      '--shard-rows',
      '1000',
      '--scratch',
      project.path('disk'),
    ]);
    await until(async () => (await upperRows()) > 40);
    const [job] = /(?<=jobs )\d+/.exec(client.printed())!;
    // As Slurm tells it, some time before.
    execFileSync('scancel', ['--batch', '--signal=USR2', `${job}_0`], { env: process.env });
    expect(await client.ended).toBe(1);
    expect(client.printed()).toContain("upper: it has reached its job's time limit");
    const { code } = await run('--array-tasks', '1', '--scratch', project.path('disk'));
    expect(code).toBe(0);
    expect(await computedAgain(project)).toBeLessThanOrEqual(rowsOfBatch);
    expect(readdirSync(project.path('disk'))).toEqual(expect.arrayContaining(['keys', 'objects']));
    expect(existsSync(project.path('artifacts/.cache/nodes'))).toBe(false);
  });

  it('tells of a job that ends without a word, and of what it printed last', async () => {
    await project.edit(
      'stages/join/join.ts',
      'const texts',
      `console.log('so far'); process.kill(process.ppid, 'SIGKILL'); const texts`,
    );
    const { code, events } = await run();
    const failure = events.find((event) => event.type === 'stage-failed');
    expect(code).toBe(1);
    const problem = failure?.type === 'stage-failed' ? failure.problems[0] : undefined;
    expect(problem).toMatchObject({
      stage: 'join',
      message: expect.stringMatching(/^its job \d+ ended on n[12] without saying why$/) as unknown,
      hint: expect.stringMatching(/^Slurm may know more: scontrol show job \d+$/) as unknown,
    });
  });
});

/** Forty steps, each a fifth of a second, with a checkpoint after each. */
const stepsKind = {
  'stages/steps/index.ts': `
    import { z } from 'zod';
    import { defineKind } from 'pipeline/kind';
    export default defineKind({
      name: 'steps',
      summary: 'Forty steps',
      params: z.strictObject({}),
      inputs: { words: 'one' },
      load: () => import('./steps.ts'),
    });`,
  'stages/steps/steps.ts': `
    import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
    import { setTimeout as wait } from 'node:timers/promises';
    export async function run({ checkpoints, output }) {
      const at = checkpoints + '/at';
      let step = existsSync(at) ? Number(readFileSync(at, 'utf8')) : 0;
      for (; step < 40; step += 1) {
        await wait(200);
        appendFileSync(process.env.COUNTS, 'step ' + step + '\\n');
        writeFileSync(at + '.new', String(step + 1));
        renameSync(at + '.new', at);
      }
      await output.json('steps.json', step);
    }`,
};

/** Where the only submission of a project lies. */
function submissionFolder(project: Project): string {
  const base = join(project.folder, 'artifacts', '.cache', 'slurm');
  const [plan] = readdirSync(base);
  return join(base, plan, readFileSync(join(base, plan, 'newest'), 'utf8'));
}
