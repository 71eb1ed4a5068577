import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { computedAgain, projectOf, resultsOf, resultsOfLocalRun } from '../../../support/divided-project.ts';
import { type Running, start } from '../../../support/running.ts';
import type { Project } from '../../../support/rig.ts';
import { devServer, type TemporalServer } from '../../../support/temporal.ts';
import { startWorker, stopWorker } from '../../../support/temporal-project.ts';
import { until } from '../../../support/until.ts';

const kind = devServer();
const withServer = kind.reason === null ? describe : describe.skip;
if (kind.reason !== null) console.warn(`skipped kills at Temporal: ${kind.reason}`);

/** Of text files beside the project's own two. */
const files = 718;
/** What a killed worker may cost. */
const rowsOfBatch = 32;

withServer('kill -9 of what runs stages on workers', () => {
  let server: TemporalServer;
  let project: Project;
  let temporal: string[];
  const workers: Running[] = [];

  beforeAll(async () => {
    project = await projectOf(files, 40);
    server = await kind.start(project.folder);
    temporal = ['--address', server.address, '--cache', project.path('shared')];
  }, 300_000);

  afterAll(async () => {
    for (const worker of workers) await stopWorker(worker);
    await server.stop();
    await project.remove();
  });

  const computed = async (): Promise<number> =>
    (await project.executions()).filter((line) => line.startsWith('upper ')).length;
  const startClient = (): Running =>
    start(project, [
      'run',
      '--executor',
      'temporal',
      '--shard-rows',
      '60',
      '--heartbeat-seconds',
      '6',
      ...temporal,
    ]);

  it('of a worker in mid-shard, of the server and of the client: all is as after a local run', async () => {
    const client = startClient();
    await until(() => client.printed().includes('no worker serves the task queue pipeline-cpu yet'));
    for (let at = 0; at < 3; at += 1) workers.push(await startWorker(project, temporal));
    await until(async () => (await computed()) > 90);
    const [killed] = workers.splice(0, 1);
    killed.child.kill('SIGKILL');
    await killed.ended;
    workers.push(await startWorker(project, temporal));
    await until(async () => (await computed()) > 250);
    await server.kill();
    await server.restart();
    const atRestart = await computed();
    await until(async () => (await computed()) > atRestart + 100);
    client.child.kill('SIGKILL');
    await client.ended;
    const second = startClient();
    expect({ code: await second.ended, printed: second.printed() }).toMatchObject({ code: 0 });
    expect(resultsOf(project)).toEqual(await resultsOfLocalRun(project));
    const again = await computedAgain(project);
    console.log(`${again} of ${files + 2} rows computed twice after one kill of a worker`);
    expect(again).toBeLessThanOrEqual(rowsOfBatch);
  }, 600_000);
});
