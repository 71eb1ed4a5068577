import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectOf } from '../../../support/divided-project.ts';
import type { Project } from '../../../support/rig.ts';
import { testServer, type TemporalServer } from '../../../support/temporal.ts';
import { startWorker, stopWorker } from '../../../support/temporal-project.ts';

const kind = testServer();
if (kind.reason !== null) console.warn(`skipped the task queues of Temporal: ${kind.reason}`);

(kind.reason === null ? describe : describe.skip)('stages that ask for what few workers have', () => {
  let server: TemporalServer;
  let project: Project;

  beforeAll(async () => {
    server = await kind.start('');
    project = await projectOf(20, 0);
    await project.edit('pipeline.yaml', 'upper: {', 'upper: {resources: {gpus: 1}, ');
    await project.edit('pipeline.yaml', 'join: {', 'join: {resources: {memory: 17 GB}, ');
  });
  afterAll(async () => {
    await project.remove();
    await server.stop();
  });

  it('wait for these, each in its queue', async () => {
    const place = ['--address', server.address, '--cache', project.path('shared')];
    const worker = (resource: string) => startWorker(project, [...place, '--resource', resource]);
    const [cpu, gpu, memory] = await Promise.all(['cpu', 'gpu', 'memory'].map(worker));
    const { code, ran, stderr } = await project.run('--executor', 'temporal', ...place);
    for (const each of [cpu, gpu, memory]) await stopWorker(each);
    expect({ code, ran, stderr }).toEqual({ code: 0, ran: ['words', 'upper', 'join'], stderr: '' });
    // Which rows are missing is found out, and the table put together, by any worker.
    const rows = /upper: rows \d+ to \d+ of those missing/;
    expect([cpu, gpu, memory].map((each) => rows.test(each.printed()))).toEqual([false, true, false]);
    expect([cpu, gpu, memory].map((each) => each.printed().includes('join: done'))).toEqual([
      false,
      false,
      true,
    ]);
  });
});
