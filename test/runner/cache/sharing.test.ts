import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listFiles } from '../../../runner/cache/local.ts';
import type { Event } from '../../../runner/events.ts';
import { FaultyProxy } from '../../support/faulty-proxy.ts';
import { Project, type RunResult, wordsProject } from '../../support/rig.ts';
import { credentials, type S3Server, s3Servers } from '../../support/s3-servers.ts';
import { until } from '../../support/until.ts';
import { backends, type RunningBackend, titleOf } from './backends.ts';

/** Every file that artifacts/ shows, but those that tell when and where they were made. */
async function shown(project: Project): Promise<Record<string, string>> {
  const folder = project.path('artifacts');
  const names = (await listFiles(folder)).filter((name) => !name.startsWith('.cache/'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'base64')]));
}

function notices({ events }: { readonly events: readonly Event[] }): string[] {
  return events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
}

const projects: Project[] = [];

async function projectWith(cache: string, files: Readonly<Record<string, string>> = {}): Promise<Project> {
  const project = await Project.create({
    ...wordsProject,
    'pipeline.yaml': `cache: ${cache}\n${wordsProject['pipeline.yaml']}`,
    ...files,
  });
  projects.push(project);
  return project;
}

async function run(project: Project, ...args: string[]): Promise<RunResult> {
  await project.forgetExecutions();
  const result = await project.run(...args);
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
  return result;
}

afterEach(async () => {
  for (const project of projects.splice(0)) await project.remove();
});

describe.each(backends.map((backend) => [titleOf(backend), backend] as const))(
  'two workspaces that share %s',
  (_title, backend) => {
    (backend.reason === null ? describe : describe.skip)('as a cache', () => {
      let running: RunningBackend;
      let address: string;
      beforeAll(async () => {
        running = await backend.start();
      });
      afterAll(async () => {
        await running.stop();
      });
      beforeEach(() => {
        address = running.newAddress();
      });

      it('run everything once: the second takes all from the first, byte by byte', async () => {
        const [first, second] = [await projectWith(address), await projectWith(address)];
        const { ran, events } = await run(first);
        expect(ran).toEqual(['words', 'upper', 'join']);
        expect(notices({ events })).toEqual([]);
        const again = await run(second);
        expect({ ran: again.ran, cached: again.cached }).toEqual({
          ran: [],
          cached: ['words', 'upper', 'join'],
        });
        expect(await second.executions()).toEqual([]);
        expect(notices(again)).toEqual([]);
        expect(await shown(second)).toEqual(await shown(first));
        expect(await second.read('pipeline.lock')).toBe(await first.read('pipeline.lock'));
        expect((await second.pipeline('verify')).code).toBe(0);
      });

      it('compute a row once, whoever adds which files', async () => {
        const first = await projectWith(address);
        const second = await projectWith(address, { 'data/c.txt': 'three' });
        await run(first);
        const { ran, rows } = await run(second);
        expect(ran).toEqual(['words', 'upper', 'join']);
        expect(rows.upper).toEqual({ total: 3, computed: 1, reused: 2 });
        expect(rows.words).toEqual({ total: 3, computed: 1, reused: 2 });
        expect(await second.executions()).toEqual(['words c.txt', 'upper c.txt', 'join']);
        expect(JSON.parse(await second.read('artifacts/join/joined.json'))).toBe('ONE! TWO! THREE!');
      });

      it('see in a look what the other has, and bring nothing for that', async () => {
        const [first, second] = [await projectWith(address), await projectWith(address)];
        await run(first);
        const name = address.replace(/\?.*/, '');
        const { stdout, stderr } = await second.pipeline('status');
        expect(stderr).toBe('');
        expect(stdout.replaceAll(/run \S+/g, 'run R')).toBe(
          ['words', 'upper', 'join'].map((stage) => `${stage}: cached in ${name}, made by run R\n`).join('') +
            'everything is up to date\n',
        );
        expect(readdirSync(second.path('artifacts/.cache'))).not.toContain('objects');
        const { stdout: json } = await second.pipeline('explain', 'join', '--json');
        expect(JSON.parse(json)).toMatchObject({ state: 'cached', from: name });
      });

      it('are not reached by what one collects', async () => {
        const [first, second] = [await projectWith(address), await projectWith(address)];
        await run(first);
        await run(first, '--set', 'upper.end=?');
        await first.delete('pipeline.lock');
        const { stdout } = await first.pipeline('gc', '--keep-runs', '1', '--yes');
        expect(stdout).toContain('artifact of upper');
        expect((await run(second)).ran).toEqual([]);
        expect((await run(first)).ran).toEqual([]);
      });

      it('take what upstream made from each other where only a part is to run', async () => {
        const [first, second] = [await projectWith(address), await projectWith(address)];
        await run(first);
        const { ran } = await run(second, '--from', 'join');
        expect(ran).toEqual(['join']);
        expect(await second.executions()).toEqual(['join']);
      });
    });
  },
);

const [kind] = [...s3Servers].sort((a, b) => Number(a.reason !== null) - Number(b.reason !== null));

(kind.reason === null ? describe : describe.skip)(
  `a workspace whose cache is behind a line that fails${kind.reason === null ? '' : ` (skipped: ${kind.reason})`}`,
  () => {
    let server: S3Server;
    let proxy: FaultyProxy;
    let address: string;
    let prefix = 0;

    beforeAll(async () => {
      Object.assign(process.env, credentials);
      server = await kind.start();
    });
    afterAll(async () => {
      await server.stop();
    });
    beforeEach(async () => {
      proxy = await FaultyProxy.before(server.endpoint);
      prefix += 1;
      address = `'s3://${server.bucket}/${prefix}?endpoint=${proxy.endpoint}&timeout=5s'`;
    });
    afterEach(async () => {
      await proxy.stop();
    });

    it('makes no request where nothing has changed', async () => {
      const project = await projectWith(address);
      await run(project);
      expect(proxy.requests.length).toBeGreaterThan(0);
      proxy.requests.length = 0;
      expect((await run(project)).ran).toEqual([]);
      expect((await project.pipeline('status')).code).toBe(0);
      expect((await project.pipeline('gc', '--yes')).code).toBe(0);
      expect((await project.pipeline('runs')).code).toBe(0);
      expect(proxy.requests).toEqual([]);
    });

    it('makes the same without a store, with one warning, and sends it once there is one', async () => {
      const [first, second, alone] = [
        await projectWith(address),
        await projectWith(address),
        await projectWith('none'),
      ];
      proxy.fault = () => ({ type: 'status', status: 503, code: 'ServiceUnavailable' });
      const down = await run(first);
      expect(down.ran).toEqual(['words', 'upper', 'join']);
      expect(notices(down)).toEqual([
        `the shared cache cannot be used, so that the run goes on without it: s3://${server.bucket}/${prefix}: told so (503)`,
      ]);
      await run(alone);
      expect(await shown(first)).toEqual(await shown(alone));
      proxy.fault = () => ({ type: 'pass' });
      const { ran, events } = await run(first);
      expect(ran).toEqual([]);
      expect(events).toContainEqual(expect.objectContaining({ type: 'sending', artifacts: 3 }));
      expect((await run(second)).ran).toEqual([]);
      expect(await shown(second)).toEqual(await shown(alone));
    });

    it('leaves nothing half-sent where it is killed in mid-upload; its next run sends the rest', async () => {
      const [first, second, third] = [
        await projectWith(address),
        await projectWith(address),
        await projectWith(address),
      ];
      let stuck = 0;
      proxy.fault = ({ method, path }) => {
        const silent = method === 'PUT' && path.includes('/objects/') && stuck++ > 0;
        return silent ? { type: 'silent' } : { type: 'pass' };
      };
      const killed = first.start(['run', '--json']);
      await until(() => stuck > 3);
      killed.kill('SIGKILL');
      await once(killed, 'close');
      proxy.fault = () => ({ type: 'pass' });
      const other = await run(second);
      expect(other.ran).toEqual(['words', 'upper', 'join']);
      expect(notices(other)).toEqual([]);
      expect(notices(await run(first))).toEqual([]);
      expect((await run(third)).ran).toEqual([]);
      expect(await shown(third)).toEqual(await shown(second));
    });

    it('ends at Ctrl-C while it sends, and its next run sends the rest', async () => {
      const [first, second] = [await projectWith(address), await projectWith(address)];
      proxy.fault = ({ method, path }) =>
        method === 'PUT' && path.includes('/objects/') ? { type: 'silent' } : { type: 'pass' };
      const stopped = first.start(['run', '--json']);
      let said = '';
      stopped.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      await until(() => said.includes('"type":"sending"'));
      stopped.kill('SIGINT');
      const [code] = (await once(stopped, 'close')) as [number];
      expect(code).toBe(0);
      proxy.fault = () => ({ type: 'pass' });
      await run(first);
      expect((await run(second)).ran).toEqual([]);
    });
  },
);

describe('the address of a shared cache', () => {
  it('is taken from the command line before the environment, and from there before pipeline.yaml', async () => {
    const project = await projectWith('folders/file');
    const keysIn = (name: string): number =>
      readdirSync(project.path(`folders/${name}`)).includes('keys') ? 1 : 0;
    for (const name of ['file', 'variable', 'option']) await project.write(`folders/${name}/.keep`, '');
    await run(project, '--cache', 'none');
    expect(['file', 'variable', 'option'].map(keysIn)).toEqual([0, 0, 0]);
    process.env.PIPELINE_CACHE = 'folders/variable';
    try {
      await run(project, '--force', '--cache', 'folders/option');
      expect(['file', 'variable', 'option'].map(keysIn)).toEqual([0, 0, 1]);
      await run(project, '--force');
      expect(['file', 'variable', 'option'].map(keysIn)).toEqual([0, 1, 1]);
    } finally {
      delete process.env.PIPELINE_CACHE;
    }
    await run(project, '--force');
    expect(['file', 'variable', 'option'].map(keysIn)).toEqual([1, 1, 1]);
  });

  it('that is none stops a run before it begins', async () => {
    const project = await projectWith('none');
    const { code, stderr } = await project.pipeline('run', '--cache', 'ftp://host/x');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        '--cache ftp://host/x: the cache must be s3://bucket/prefix, file:///folder or the path of a folder; ' +
        'ftp: is none of these\n',
    });
    expect(await project.executions()).toEqual([]);
  });
});
