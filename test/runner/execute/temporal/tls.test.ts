import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectOf, resultsOf, resultsOfLocalRun } from '../../../support/divided-project.ts';
import type { Project } from '../../../support/rig.ts';
import { testServer, type TemporalServer } from '../../../support/temporal.ts';
import { startWorker, stopWorker } from '../../../support/temporal-project.ts';
import { type Certificates, certificatesReason, makeCertificates, tlsDoor } from '../../../support/tls.ts';

const kind = testServer();
const reason = kind.reason ?? certificatesReason;
if (reason !== null) console.warn(`skipped Temporal behind TLS: ${reason}`);

(reason === null ? describe : describe.skip)('a Temporal that asks for certificates', () => {
  let folder: string;
  let server: TemporalServer;
  let certificates: Certificates;
  let door: Awaited<ReturnType<typeof tlsDoor>>;
  let project: Project;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipeline-tls-'));
    certificates = makeCertificates(folder);
    server = await kind.start('');
    door = await tlsDoor(certificates, server.address);
    project = await projectOf(20, 0);
  });
  afterAll(async () => {
    await project.remove();
    await door.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const place = () => ['--address', door.address, '--cache', project.path('shared')];
  const authority = () => ['--tls-ca-path', certificates.authority, '--tls-server-name', 'temporal.test'];
  const pair = () => ['--tls-cert-path', certificates.client.cert, '--tls-key-path', certificates.client.key];

  it('serves client and worker that show theirs, with the results of a local run', async () => {
    const secured = [...place(), ...authority(), ...pair()];
    const worker = await startWorker(project, secured);
    const { code, ran, stderr } = await project.run('--executor', 'temporal', ...secured);
    await stopWorker(worker);
    expect({ code, ran, stderr }).toEqual({ code: 0, ran: ['words', 'upper', 'join'], stderr: '' });
    expect(resultsOf(project)).toEqual(await resultsOfLocalRun(project));
  });

  const seeTls =
    'Look at the address, at --tls-ca-path (who vouches for it), --tls-server-name (what its certificate calls it), ' +
    'and --tls-cert-path with --tls-key-path (who you are)';
  const seeAddress =
    'Give its address with --address or TEMPORAL_ADDRESS, and --tls where it asks for that; ' +
    'for one on this machine: temporal server start-dev';

  it.each([
    ['no certificate', () => [...place(), ...authority()], seeTls],
    ['no TLS', place, seeAddress],
    ['another authority', () => [...place(), ...pair(), '--tls-ca-path', certificates.client.cert], seeTls],
    ['another name', () => [...place(), ...pair(), '--tls-ca-path', certificates.authority], seeTls],
  ])('is not reached with %s, which is said with what to look at', async (_, args, hint) => {
    const { code, stderr } = await project.pipeline('worker', ...args());
    const [first, second] = stderr.split('\n');
    expect(code).toBe(2);
    expect(first).toContain(`Temporal cannot be reached at ${door.address}: `);
    expect(second).toBe(`  ${hint}`);
  });
});
