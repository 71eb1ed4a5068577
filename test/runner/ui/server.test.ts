import { existsSync, truncateSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  ArtifactDetail,
  ArtifactLine,
  RowDetail,
  TablePage,
} from '../../../runner/ui/model/artifacts.ts';
import type { LogPart, RunComparison, RunDetail, RunPage } from '../../../runner/ui/model/runs.ts';
import { Project } from '../../support/rig.ts';
import { Listener } from './listener.ts';
import { RunningUi, tonesProject } from './tones-project.ts';

let project: Project;
let ui: RunningUi;

beforeAll(async () => {
  project = await Project.create(tonesProject);
  expect((await project.run()).ran).toEqual(['tones', 'levels', 'summary']);
  ui = await RunningUi.start(project);
  const listener = new Listener(ui.address);
  await listener.until(({ plan }) => plan.type === 'ready');
  listener.close();
});
afterAll(async () => {
  await ui.end();
  await project.remove();
});

/** A request with headers that fetch would not send. */
function raw(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<{ status: number; headers: Readonly<Record<string, unknown>>; body: Buffer }> {
  const { port } = new URL(ui.address);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    request.on('error', reject).end();
  });
}

const artifact = async (stage: string): Promise<ArtifactLine> =>
  (await ui.get<ArtifactLine[]>('api/artifacts')).find((line) => line.stage === stage)!;
const problemsOf = async (response: Response): Promise<{ message: string; hint?: string }[]> =>
  ((await response.json()) as { problems: { message: string; hint?: string }[] }).problems;

describe('who is let in', () => {
  const pathOf = (address: string): string => new URL(address).pathname;

  it('prints an address of this machine only, with a token of 192 bits', () => {
    expect(ui.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/);
  });

  it('serves nothing without the token or with another', async () => {
    for (const path of ['/', '/page.js', '/api/events', `/${'x'.repeat(32)}/`, '//', '/%']) {
      const { status, body } = await raw(path);
      expect([path, status]).toEqual([path, 403]);
      expect(body.toString()).toContain('Open the address that pipeline ui has printed');
    }
  });

  it('answers to no other host: a name that resolves to this machine is refused', async () => {
    const path = pathOf(ui.address);
    const { port } = new URL(ui.address);
    expect((await raw(path)).status).toBe(200);
    expect((await raw(path, { Host: `localhost:${port}` })).status).toBe(200);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${Number(port) + 1}`,
    ]) {
      expect([host, (await raw(path, { Host: host })).status]).toEqual([host, 421]);
    }
  });

  it('answers to no page of another origin, and allows none', async () => {
    const path = pathOf(ui.address);
    expect((await raw(`${path}api/runs`, { Origin: 'http://evil.example' })).status).toBe(403);
    expect((await raw(`${path}api/runs`, { Origin: 'null' })).status).toBe(403);
    expect((await raw(`${path}api/runs`, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    const own = await raw(`${path}api/runs`, { Origin: new URL(ui.address).origin });
    expect(own.status).toBe(200);
    expect(own.headers).not.toHaveProperty('access-control-allow-origin');
    expect(own.headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  it('sends a page without inline script or style, under a policy that forbids them', async () => {
    const { headers, body } = await raw(pathOf(ui.address));
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(body.toString()).not.toMatch(/<style|<script(?![^>]* src=)|style=|\son\w+=/);
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('says what there is not', async () => {
    for (const path of ['x', 'api', 'api/x', 'page.js/x', 'api/runs/x/..', 'api/artifacts/x']) {
      expect([path, (await fetch(ui.address + path)).status]).toEqual([path, 404]);
    }
    expect((await fetch(ui.address, { method: 'PUT' })).status).toBe(405);
    expect((await fetch(`${ui.address}api/run`, { method: 'DELETE' })).status).toBe(405);
  });

  it('starts nothing but for a request in JSON that it understands', async () => {
    const post = (headers: Record<string, string>, body: string): Promise<Response> =>
      fetch(`${ui.address}api/run`, { method: 'POST', headers, body });
    expect((await post({ 'Content-Type': 'text/plain' }, '{}')).status).toBe(415);
    const json = { 'Content-Type': 'application/json' };
    expect((await post(json, '{')).status).toBe(400);
    expect((await post(json, '{"command":"rm"}')).status).toBe(400);
    expect((await post(json, ' '.repeat(100_000))).status).toBe(413);
    expect((await ui.post('api/stop', {})).status).toBe(409);
  });
});

describe('artifacts', () => {
  it('lists what each stage has made', async () => {
    const lines = await ui.get<ArtifactLine[]>('api/artifacts');
    expect(lines.map(({ stage, standing }) => [stage, standing])).toEqual([
      ['tones', 'current'],
      ['levels', 'current'],
      ['summary', 'current'],
    ]);
    const detail = await ui.get<ArtifactDetail>(`api/artifacts/${lines[2].key}`);
    expect(detail.contents.map(({ name, type }) => [name, type])).toEqual([
      ['metrics.json', 'json'],
      ['notes.txt', 'text'],
      ['page.html', 'page'],
    ]);
    expect(detail.measurements).toMatchObject({ seconds: 1.5 });
  });

  it('gives the rows of a table a page at a time', async () => {
    const { key } = await artifact('tones');
    const page = (query: string): Promise<TablePage> =>
      ui.get(`api/artifacts/${key}/table?file=table.arrow${query}`);
    const first = await page('');
    expect(first.total).toBe(30);
    expect(first.rows).toHaveLength(20);
    expect(first.columns.map(({ name }) => name)).toEqual([
      'samples',
      'sampleRate',
      'spectrum',
      'name',
      'isHigh',
    ]);
    const [samples, sampleRate, spectrum, name, isHigh] = first.rows[0].cells;
    expect([sampleRate, name, isHigh]).toEqual([8000, '<b>tone</b> & 220', false]);
    expect(samples).toMatchObject({ type: 'curve', length: 16_000 });
    expect(spectrum).toMatchObject({ type: 'map', size: [6, 10], low: -59, high: 0 });
    const second = await page('&offset=20&limit=20');
    expect(second.rows.map(({ position }) => position)).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29]);
    expect((await page('&offset=400')).rows).toEqual([]);
    const found = await page('&find=TONE-1&offset=4&limit=3');
    expect(found.total).toBe(10);
    expect(found.rows.map(({ id }) => id)).toEqual(['tone-14.txt', 'tone-15.txt', 'tone-16.txt']);
  });

  it('refuses more rows at once than a page has, and places that are none', async () => {
    const { key } = await artifact('tones');
    for (const query of ['limit=1000000', 'limit=-1', 'offset=x', 'offset=1e3']) {
      const response = await fetch(`${ui.address}api/artifacts/${key}/table?file=table.arrow&${query}`);
      expect([query, response.status]).toEqual([query, 400]);
    }
    expect((await fetch(`${ui.address}api/artifacts/${key}/row?file=table.arrow&row=30`)).status).toBe(404);
    expect((await fetch(`${ui.address}api/artifacts/${key}/table`)).status).toBe(400);
  });

  it('gives one row with its numbers, its picture and its sound', async () => {
    const { key } = await artifact('tones');
    const row = await ui.get<RowDetail>(`api/artifacts/${key}/row?file=table.arrow&row=3`);
    expect(row).toMatchObject({ id: 'tone-03.txt', position: 3, total: 30, drawn: true });
    expect(row.sound).toEqual({ stage: 'tones', key, file: 'table.arrow', position: 3 });
    const spectrum = row.cells.find(({ name }) => name === 'spectrum')!;
    expect(spectrum.numbers).toMatchObject({ count: 60, min: -59, max: 0, notFinite: 0 });
    expect(spectrum.numbers!.first.at(-1)).toBe(-59);

    const picture = await fetch(`${ui.address}api/artifacts/${key}/picture?file=table.arrow&row=3`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');

    const sound = `${ui.address}api/artifacts/${key}/sound?file=table.arrow&row=3`;
    const whole = Buffer.from(await (await fetch(sound)).arrayBuffer());
    expect(whole.subarray(0, 4).toString()).toBe('RIFF');
    expect(whole).toHaveLength(44 + 2 * 16_000);
    expect(whole.readUInt32LE(24)).toBe(8000);
    const part = await fetch(sound, { headers: { Range: 'bytes=40-101' } });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 40-101/32044');
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(40, 102));
    expect((await fetch(sound, { headers: { Range: 'bytes=99999-' } })).status).toBe(416);
  });

  it('finds the sound of a row in what it was made from', async () => {
    const { key } = await artifact('levels');
    const tones = await artifact('tones');
    const row = await ui.get<RowDetail>(`api/artifacts/${key}/row?file=table.arrow&row=5`);
    expect(row.sound).toEqual({ stage: 'tones', key: tones.key, file: 'table.arrow', position: 5 });
    expect(row.drawn).toBe(false);
    expect((await fetch(`${ui.address}api/artifacts/${key}/picture?file=table.arrow&row=5`)).status).toBe(
      404,
    );
  });

  it('gives files as they are, in an origin of their own', async () => {
    const { key } = await artifact('summary');
    const page = await fetch(`${ui.address}api/artifacts/${key}/file?file=page.html`);
    expect(await page.text()).toContain('<p>A page</p>');
    expect(page.headers.get('content-security-policy')).toContain('sandbox allow-scripts;');
    expect(page.headers.get('content-security-policy')).not.toContain('allow-same-origin');
  });

  it('opens pages at an address that gives nothing else away', async () => {
    const { key } = await artifact('summary');
    const file = `${ui.address}api/artifacts/${key}/file?file=page.html`;
    const address = (await fetch(file, { redirect: 'manual' })).headers.get('location')!;
    const [token] = new URL(ui.address).pathname.split('/').filter((part) => part !== '');
    expect(address).not.toContain(token);
    const { url } = await fetch(file);
    expect(url).toBe(`${new URL(ui.address).origin}${address}`);
    const [, shown, pass] = address.split('/');
    for (const other of [
      `/${shown}/${pass}/${key}/metrics.json`,
      `/${shown}/${pass}/${key}/page.html/..`,
      `/${shown}/${pass}x/${key}/page.html`,
      `/${shown}/${pass}/`,
      `/${pass}/api/runs`,
      `/${shown}/api/runs`,
    ]) {
      expect([other, (await fetch(new URL(other, ui.address))).status]).toEqual([other, 403]);
    }
    expect((await fetch(new URL(address, ui.address), { method: 'POST' })).status).toBe(405);
  });

  it('looks files up by name and makes no path of what a request says', async () => {
    const { key } = await artifact('summary');
    const outside = [
      '../../pipeline.yaml',
      '/etc/passwd',
      '..%2f..%2fpipeline.yaml',
      '',
      'metrics.json/../notes.txt',
    ];
    for (const file of outside) {
      const response = await fetch(`${ui.address}api/artifacts/${key}/file?file=${encodeURIComponent(file)}`);
      expect([file, response.status]).toEqual([file, file === '' ? 400 : 404]);
    }
    for (const path of ['..%2f..%2fview', `${key}%2f..`, '__proto__']) {
      expect((await fetch(`${ui.address}api/artifacts/${path}`)).status).toBe(404);
    }
    const [{ id }] = (await ui.get<RunPage>('api/runs')).runs;
    for (const [run, stage] of [
      [id, '../run'],
      [id, '__proto__'],
      ['..', 'tones'],
      ['../runs', 'tones'],
    ]) {
      const query = new URLSearchParams({ run, stage }).toString();
      expect((await fetch(`${ui.address}api/log?${query}`)).status).toBe(404);
    }
  });
});

describe('the record of runs', () => {
  it('lists runs, tells one, and what a stage printed in it', async () => {
    const { runs } = await ui.get<RunPage>('api/runs?limit=1');
    expect(runs).toHaveLength(1);
    const { id } = runs[0];
    const { record, story } = await ui.get<RunDetail>(`api/runs/${id}`);
    expect(Object.keys(record.stages)).toEqual(['tones', 'levels', 'summary']);
    expect(story!.state).toBe('done');
    expect(story!.stages.tones.warnings).toEqual(['all tones are made up']);
    for (const { startedAt, endedAt } of Object.values(story!.stages)) {
      expect(endedAt!).toBeGreaterThanOrEqual(startedAt!);
    }
    const log = await ui.get<LogPart>(`api/log?run=${id}&stage=summary`);
    expect(log.text).toBe('a word of the summary\n');
    expect(await ui.get<LogPart>(`api/log?run=${id}&stage=summary&from=${log.next}`)).toMatchObject({
      text: '',
    });
    expect((await fetch(`${ui.address}api/runs/20000101-000000-0000`)).status).toBe(404);
  });
});

describe('what happens', () => {
  it('is told as it happens: a run of the page, step by step, and the plan after it', async () => {
    const listener = new Listener(ui.address);
    const before = await listener.until(({ plan }) => plan.type === 'ready');
    expect(listener.names[0]).toBe('snapshot');
    expect(before.folder).toBe(project.folder);
    if (before.plan.type !== 'ready') throw new Error();
    expect(before.plan.stages.map(({ name, sentence }) => [name, sentence.replace(/run .*/, 'run')])).toEqual(
      [
        ['tones', 'cached, made by run'],
        ['levels', 'cached, made by run'],
        ['summary', 'cached, made by run'],
      ],
    );

    await project.edit('pipeline.yaml', 'title: Tones', 'title: Sounds');
    const edited = await listener.until(
      ({ plan }) => plan.type === 'ready' && plan.stages[2].state === 'stale',
    );
    if (edited.plan.type !== 'ready') throw new Error();
    expect(edited.plan.stages[2].sentence).toBe('params.title "Tones" → "Sounds"');

    await project.write('hold-summary', '');
    expect((await ui.post('api/run', {})).status).toBe(202);
    const running = await listener.until(({ run }) => run?.stages.summary?.progress !== undefined);
    expect(running.request).toEqual({ type: 'running' });
    expect(running.run).toMatchObject({ own: true, state: 'running', command: 'run' });
    expect(running.run!.stages.tones.state).toBe('cached');
    expect(running.run!.stages.summary).toMatchObject({
      state: 'running',
      because: 'params.title "Tones" → "Sounds"',
      progress: { done: 1, total: 4, unit: 'steps', values: [{ name: 'loss', value: 0.25 }] },
    });
    expect((await ui.post('api/run', {})).status).toBe(409);

    // The page may be opened in the middle of it.
    const late = new Listener(ui.address);
    const snapshot = await late.until(() => true);
    expect(snapshot.run!.stages.summary.state).toBe('running');
    late.close();

    await project.delete('hold-summary');
    const done = await listener.until(
      ({ run, plan }) =>
        run?.state === 'done' &&
        plan.type === 'ready' &&
        plan.stages.every(({ state }) => state === 'cached'),
    );
    expect(done.run!.stages.summary.state).toBe('done');
    await listener.until(({ request }) => request.type === 'idle');
    expect((await ui.get<RunPage>('api/runs')).runs[0]).toMatchObject({
      id: done.run!.run,
      command: 'run',
      counts: { cached: 2, ran: 1 },
    });
    const comparison = await ui.get<RunComparison>('api/compare?a=latest~1&b=latest');
    expect(comparison.stages).toMatchObject([
      { stage: 'summary', changes: ['params.title "Tones" → "Sounds"'] },
    ]);
    listener.close();
  });

  it('can be stopped, and what ran is recorded as interrupted', async () => {
    const listener = new Listener(ui.address);
    await project.write('hold-summary', '');
    expect((await ui.post('api/run', { from: ['levels'] })).status).toBe(202);
    const running = await listener.until(({ run }) => run?.stages.summary?.state === 'running');
    expect(running.run!.stages.levels.because).toBe('forced by --from levels');
    expect(running.run!.command).toBe('run --from levels');
    expect((await ui.post('api/stop', {})).status).toBe(202);
    const stopped = await listener.until(
      ({ run, request }) => run?.state === 'interrupted' && request.type === 'idle',
    );
    expect(stopped.run!.stages.summary.state).toBe('interrupted');
    await project.delete('hold-summary');
    listener.close();
  });

  it('shows a run that another process started, and one that was killed', async () => {
    const listener = new Listener(ui.address);
    await listener.until(() => true);
    const finished = await project.run('--from', 'summary');
    expect(finished.code).toBe(0);
    const shown = await listener.until(
      ({ run }) => run?.command === 'run --json --from summary' && run.state === 'done',
    );
    expect(shown.run!.own).toBe(false);
    expect(shown.run!.stages.summary.state).toBe('done');

    await project.write('hold-summary', '');
    const child = project.start(['run', '--from', 'summary', '--quiet']);
    await listener.until(
      ({ run }) => run?.run !== shown.run!.run && run?.stages.summary?.state === 'running',
    );
    // Started meanwhile, a run of the page waits and says for whom.
    expect((await ui.post('api/run', {})).status).toBe(202);
    const waiting = await listener.until(({ request }) => request.type === 'waiting');
    expect(waiting.request).toMatchObject({ holder: expect.stringContaining(`of process ${child.pid!}`) });
    child.kill('SIGKILL');
    await project.delete('hold-summary');
    await listener.until(({ run, request }) => run?.state === 'done' && run.own && request.type === 'idle');
    listener.close();
  });

  it('says why a run cannot begin, with the way out', async () => {
    const listener = new Listener(ui.address);
    await ui.post('api/run', { targets: ['sumary'] });
    const { request } = await listener.until(({ request: asked }) => asked.type === 'refused');
    expect(request).toMatchObject({
      problems: [{ message: 'unknown stage sumary', hint: expect.stringContaining('summary') }],
    });
    listener.close();
  });

  it('shows what is wrong with the pipeline, and goes on when it is mended', async () => {
    const listener = new Listener(ui.address);
    const broken = async (): Promise<unknown> => {
      const { plan } = await listener.until((state) => state.plan.type === 'broken');
      return plan.type === 'broken' && plan.problems[0];
    };
    const mended = (): Promise<unknown> => listener.until(({ plan }) => plan.type === 'ready');
    await mended();
    await project.edit('pipeline.yaml', 'uses: summary', 'uses: sumary');
    expect(await broken()).toMatchObject({
      message: 'unknown kind sumary',
      place: 'pipeline.yaml:4:19',
      excerpt: expect.stringContaining('^^^^^^'),
    });
    // What there is can be looked at all the same.
    const standings = (await ui.get<ArtifactLine[]>('api/artifacts')).map(({ standing }) => standing);
    expect(standings).toEqual(['unknown', 'unknown', 'unknown']);
    await project.edit('pipeline.yaml', 'uses: sumary', 'uses: summary');
    await mended();

    const text = await project.read('pipeline.yaml');
    await project.delete('pipeline.yaml');
    expect(await broken()).toMatchObject({
      message: 'there is no such file',
      hint: expect.stringContaining('-f FILE'),
    });
    await project.write('pipeline.yaml', text);
    await mended();
    listener.close();
  });

  it('says of an artifact that is gone or damaged how to have it again', async () => {
    const { key } = await artifact('levels');
    const { contents } = await ui.get<ArtifactDetail>(`api/artifacts/${key}`);
    expect(contents[0].damage).toBeUndefined();
    const entry = JSON.parse(await project.read(`artifacts/.cache/keys/${key.slice(0, 2)}/${key}.json`)) as {
      manifest: { files: { sha256: string; size: number }[] };
    };
    const { sha256, size } = entry.manifest.files[0];
    const object = project.path(join('artifacts/.cache/objects', sha256.slice(0, 2), sha256));
    const table = `${ui.address}api/artifacts/${key}/table?file=table.arrow`;

    await chmod(object, 0o644);
    await writeFile(object, Buffer.alloc(size));
    const garbled = await fetch(table);
    expect(garbled.status).toBe(500);
    expect((await problemsOf(garbled))[0]).toMatchObject({ place: 'table.arrow of levels' });

    truncateSync(object, size - 1);
    expect((await ui.get<ArtifactDetail>(`api/artifacts/${key}`)).contents[0].damage).toBe('changed');
    await rm(object);
    const gone = await fetch(table);
    expect(gone.status).toBe(410);
    expect((await problemsOf(gone))[0]).toMatchObject({
      message: 'table.arrow is missing from the cache',
      hint: expect.stringContaining("pipeline run 'levels'"),
    });
    expect((await project.run()).ran).toContain('levels');
  });
});

describe('its end', () => {
  it('comes with Ctrl-C and 0: connections are closed, and a run of its own is stopped and recorded', async () => {
    const other = await RunningUi.start(project);
    const listener = new Listener(other.address);
    await project.write('hold-summary', '');
    await other.post('api/run', { from: ['summary'] });
    const { run } = await listener.until((state) => state.run?.stages.summary?.state === 'running');
    expect(await other.end()).toBe(0);
    await project.delete('hold-summary');
    expect(listener.ended).toBe(true);
    const record = JSON.parse(await project.read(`artifacts/.cache/runs/${run!.run}/run.json`)) as unknown;
    expect(record).toMatchObject({ ok: false, stages: { summary: { status: 'interrupted' } } });
    expect(existsSync(project.path('artifacts/.cache/lock'))).toBe(false);
  });

  it('is at once, with 2, where the port is in use', async () => {
    const { port } = new URL(ui.address);
    const { code, stderr } = await project.pipeline('ui', '--port', port);
    expect(code).toBe(2);
    expect(stderr).toContain(`port ${port} is in use`);
    expect(stderr).toContain('--port');
    expect((await project.pipeline('ui', '--port', '99999999')).code).toBe(2);
  });
});
