import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../../runner/cache/local.ts';
import { type RunRecord, RunRecords } from '../../runner/record/runs.ts';
import { kinds, Project, wordsProject } from '../support/rig.ts';

/** A command that tells what it was given, and notes that it ran. */
const script = `
  import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
  const { PIPELINE_STAGE: stage, PIPELINE_THREADS: threads, COUNTS } = process.env;
  const params = JSON.parse(process.env.PIPELINE_PARAMS);
  const inputs = JSON.parse(process.env.PIPELINE_INPUTS);
  appendFileSync(COUNTS, 'command ' + stage + '\\n');
  const files = readdirSync(inputs.words[0]).sort();
  writeFileSync('out/told.json', JSON.stringify({ stage, threads, params, inputs, files }));
  mkdirSync('more/inner', { recursive: true });
  writeFileSync('more/inner/note.txt', params.note ?? 'none');
  writeFileSync('more/always.txt', 'always');
  console.log('it has run');
`;

const files = {
  'pipeline.yaml': `stages:
  words: {uses: words}
  tell:
    run: node tell.mjs
    in: {words: words}
    deps: [tell.mjs, settings]
    outs: [out/told.json, more]
    with: {scale: 2, deep: {list: [1, null, "ü\\n"]}}
`,
  'tell.mjs': script,
  'settings/a.ini': 'a = 1',
  'data/a.txt': 'one',
  ...kinds.words,
};

describe('a command stage', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  const started = async (): Promise<void> => {
    project = await Project.create(files);
    const { code, stderr } = await project.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await project.forgetExecutions();
  };

  it('is noticed when it ends however short it is', async () => {
    project = await Project.create({
      'pipeline.yaml': 'stages:\n  short: {run: "echo hi > out.txt", outs: [out.txt]}\n',
    });
    const { code, ran } = await project.run();
    expect({ code, ran }).toEqual({ code: 0, ran: ['short'] });
    expect(await project.read('artifacts/short/out.txt')).toBe('hi\n');
  });

  it('gets its name, params, inputs and threads in the environment, and its outs are kept', async () => {
    await started();
    expect(JSON.parse(await project.read('artifacts/tell/out/told.json'))).toEqual({
      stage: 'tell',
      threads: '1',
      params: { scale: 2, deep: { list: [1, null, 'ü\n'] } },
      inputs: { words: ['artifacts/words'] },
      files: ['excluded.json', 'table.arrow'],
    });
    expect(await project.read('artifacts/tell/more/inner/note.txt')).toBe('none');
    const [record] = JSON.parse((await project.pipeline('runs', '--json')).stdout) as { id: string }[];
    expect(await project.read(`artifacts/.cache/runs/${record.id}/logs/tell.log`)).toBe('it has run\n');
  });

  it('is cached, and runs again for a change of its command, params, deps or inputs', async () => {
    await started();
    expect((await project.run()).cached).toEqual(['words', 'tell']);
    const reasonsAfter = async (edit: () => Promise<void>): Promise<unknown> => {
      await edit();
      return (await project.run()).reasons.tell;
    };
    expect(
      await reasonsAfter(() => project.edit('pipeline.yaml', 'node tell.mjs', 'node ./tell.mjs')),
    ).toEqual(['command "node tell.mjs" → "node ./tell.mjs"']);
    expect(await reasonsAfter(() => project.edit('pipeline.yaml', 'scale: 2', 'scale: 3'))).toEqual([
      'params.scale 2 → 3',
    ]);
    expect(await reasonsAfter(() => project.write('settings/a.ini', 'a = 2'))).toEqual([
      'files settings changed',
    ]);
    expect(await reasonsAfter(() => project.write('data/b.txt', 'two'))).toEqual(['input words changed']);
    expect(await project.executions()).toEqual([
      ...['command tell', 'command tell', 'command tell'],
      ...['words b.txt', 'command tell'],
    ]);
    await project.edit('pipeline.yaml', 'scale: 3', 'scale: 2');
    await project.edit('pipeline.yaml', 'node ./tell.mjs', 'node tell.mjs');
    await project.write('settings/a.ini', 'a = 1');
    await project.delete('data/b.txt');
    expect((await project.run()).ran).toEqual([]);
  });

  it('has its outs put back where they are gone or of other params', async () => {
    await started();
    await project.delete('out/told.json');
    await project.delete('more/inner');
    const { ran, events } = await project.run();
    expect(ran).toEqual([]);
    expect(events.filter(({ type }) => type === 'notice')).toEqual([]);
    expect(await project.read('out/told.json')).toBe(await project.read('artifacts/tell/out/told.json'));
    expect(await project.read('more/inner/note.txt')).toBe('none');
    await project.run('--set', 'tell.note=other');
    expect(await project.read('more/inner/note.txt')).toBe('other');
    const back = await project.run();
    expect(back.ran).toEqual([]);
    expect(back.events.filter(({ type }) => type === 'notice')).toEqual([]);
    expect(await project.read('more/inner/note.txt')).toBe('none');
  });

  it('leaves outs alone that are as it made them', async () => {
    await started();
    await project.run();
    const identity = (): unknown => {
      const { ino, ctimeNs } = statSync(project.path('out/told.json'), { bigint: true });
      return { ino, ctimeNs };
    };
    const before = identity();
    await project.run();
    expect(identity()).toEqual(before);
  });

  it('reads what upstream made, not what somebody wrote over it in artifacts/', async () => {
    await started();
    await project.write('artifacts/words/stray.txt', 'of nobody');
    await project.delete('artifacts/words/table.arrow');
    expect((await project.run('--only', 'tell')).code).toBe(0);
    const told = JSON.parse(await project.read('out/told.json')) as { files: string[] };
    expect(told.files).toContain('table.arrow');
  });

  it('fails by name where an out is not made, and leaves none of an earlier time', async () => {
    await started();
    await project.write('tell.mjs', 'console.log("nothing");');
    const { code, stderr } = await project.pipeline('run');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'tell: it ended with code 0 but did not make out/told.json, more\n  Let the command write its outs, or correct "outs:" in pipeline.yaml.\n',
    );
    expect(existsSync(project.path('out/told.json'))).toBe(false);
  });

  it('has what it linked to as its out, not the link', async () => {
    project = await Project.create({
      'pipeline.yaml': 'stages:\n  link: {run: "ln -s ../mine.txt out/link.txt", outs: [out/link.txt]}\n',
      'mine.txt': 'mine',
    });
    const before = statSync(project.path('mine.txt'));
    expect((await project.run()).code).toBe(0);
    await project.write('mine.txt', 'changed');
    expect(await project.read('artifacts/link/out/link.txt')).toBe('mine');
    expect(statSync(project.path('mine.txt')).mode).toBe(before.mode);
    expect((await project.pipeline('verify')).code).toBe(0);
  });

  it('refuses outs that are not its own', async () => {
    project = await Project.create({
      'pipeline.yaml': `stages:
  away: {run: "true", outs: [../away.txt, ., artifacts/x, /etc/x]}
  twice: {run: "true", matrix: {n: [1, 2]}, outs: [twice.txt, "own-\${n}.txt"]}
  inner: {run: "true", outs: [own-1.txt/deep]}
`,
    });
    const { code, stderr } = await project.pipeline('run');
    expect(code).toBe(2);
    const messages = stderr.split('\n').filter((line) => line.startsWith('pipeline.yaml:'));
    expect(messages).toEqual([
      'pipeline.yaml:2:30: ../away.txt lies outside the folder of pipeline.yaml',
      'pipeline.yaml:2:43: . is the folder of pipeline.yaml',
      'pipeline.yaml:2:46: artifacts/x lies in artifacts, where the pipeline keeps and shows what stages made',
      'pipeline.yaml:2:59: /etc/x lies outside the folder of pipeline.yaml',
      'pipeline.yaml:3:52: twice.txt is an out of twice[1] too',
      'pipeline.yaml:4:31: own-1.txt/deep is an out of twice[1] too, which makes own-1.txt',
    ]);
  });
});

/** Every file of the project with its content and time, but for what the commands keep for themselves elsewhere. */
async function listing(project: Project): Promise<string[]> {
  const names = await listFiles(project.folder);
  return names.map((name) => {
    const { mtimeNs, ctimeNs, size } = statSync(project.path(name), { bigint: true });
    return `${name} ${size} ${mtimeNs} ${ctimeNs}`;
  });
}

describe('run', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create(wordsProject);
  });

  afterEach(async () => {
    await project.remove();
  });

  it('changes nothing with --dry-run, before anything ran and after', async () => {
    const before = await listing(project);
    const first = await project.pipeline('run', '--dry-run');
    expect(first).toEqual({
      code: 0,
      stdout: 'words: never ran\nupper: never ran; waits for words\njoin: never ran; waits for upper\n',
      stderr: '',
    });
    expect(await listing(project)).toEqual(before);
    expect(existsSync(project.path('artifacts'))).toBe(false);
    await project.run();
    await project.write('data/c.txt', 'three');
    const later = await listing(project);
    for (const args of [[], ['--force'], ['--from', 'words'], ['--json'], ['--set', 'upper.end=?']]) {
      expect((await project.pipeline('run', '--dry-run', ...args)).code).toBe(0);
    }
    expect(await listing(project)).toEqual(later);
  });

  it('stops with 2 at --from where upstream is stale, says which and why, and takes it so with --allow-stale', async () => {
    const never = await project.pipeline('run', '--from', 'join');
    expect(never.code).toBe(2);
    expect(never.stderr).toBe(
      [
        'words: needed from the cache, but not up to date: words: never ran',
        'upper: needed from the cache, but not up to date: upper: never ran; waits for words',
        '  Run without --from to bring them up to date, or add --allow-stale to take what they made last.\n',
      ].join('\n'),
    );
    const nothing = await project.pipeline('run', '--from', 'join', '--allow-stale');
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain('  They have no earlier artifact either: run them first.\n');
    await project.run();
    await project.forgetExecutions();
    const args = ['--from', 'join', '--set', 'upper.end=?'];
    for (const dry of [[], ['--dry-run']]) {
      const { code, stderr } = await project.pipeline('run', ...args, ...dry);
      expect(code).toBe(2);
      expect(stderr).toContain(
        'upper: needed from the cache, but not up to date: upper: params.end "!" → "?"\n',
      );
    }
    expect(await project.executions()).toEqual([]);
    expect(await project.run(...args, '--allow-stale')).toMatchObject({ code: 0, ran: ['join'] });
    expect(JSON.parse(await project.read('artifacts/join/joined.json'))).toBe('ONE! TWO!');
    expect(await project.executions()).toEqual(['join']);
    // What it was made from is in its key: up to date it is not for that.
    expect((await project.run('--set', 'upper.end=?')).ran).toEqual(['upper', 'join']);
  });

  it('stops after --until, and runs one stage with --only', async () => {
    expect((await project.run('--until', 'upper')).ran).toEqual(['words', 'upper']);
    expect(existsSync(project.path('artifacts/join'))).toBe(false);
    expect((await project.run('--only', 'upper')).ran).toEqual(['upper']);
    expect(await project.run('join')).toMatchObject({ ran: ['join'], cached: ['words', 'upper'] });
    expect(await project.run('--from', 'words', '--until', 'upper')).toMatchObject({
      ran: ['words', 'upper'],
    });
    const { code, stderr } = await project.pipeline('run', '--from', 'join', '--until', 'words');
    expect(code).toBe(2);
    expect(stderr).toContain('nothing lies between join and words');
    const both = await project.pipeline('run', '--only', 'join', '--from', 'words');
    expect(both.code).toBe(2);
  });
});

describe('the record of runs', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create(wordsProject);
  });

  afterEach(async () => {
    await project.remove();
  });

  it('is empty before the first run', async () => {
    expect(await project.pipeline('runs')).toEqual({ code: 0, stdout: 'no run yet\n', stderr: '' });
    const { code, stderr } = await project.pipeline('compare', 'latest~1', 'latest');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'there is no run latest~1\n  There is no run yet: start one with pipeline run.\n',
    });
  });

  it('lists runs, the newest first, with how they ended', async () => {
    await project.run();
    await project.run('--set', 'upper.end=?');
    await project.write('data/b.txt', 'broken');
    await project.run();
    const { stdout } = await project.pipeline('runs');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^\d{8}-\d{6}-[0-9a-f]{4} {2}/, '').replace(/ +[\d.]+ (ms|s) /, ' T '));
    expect(lines).toEqual([
      'failed T  1 failed, 2 skipped  pipeline run --json',
      'done T  2 ran, 1 cached  pipeline run --json --set upper.end=?',
      'done T  3 ran  pipeline run --json',
    ]);
    expect((await project.pipeline('runs', '--limit', '1')).stdout.trimEnd().split('\n')).toHaveLength(1);
    const records = JSON.parse((await project.pipeline('runs', '--json')).stdout) as RunRecord[];
    expect(records[1]).toMatchObject({
      ok: true,
      command: 'run --json --set upper.end=?',
      stages: {
        words: { status: 'cached' },
        upper: {
          status: 'ran',
          reasons: ['params.end "!" → "?"'],
          rows: { total: 2, computed: 2, reused: 0 },
        },
        join: { status: 'ran', reasons: ['input texts.upper changed'] },
      },
    });
  });

  it('compares two runs in params, code, results and metrics', async () => {
    await project.edit(
      'stages/join/join.ts',
      "await output.json('joined.json'",
      "await output.json('metrics.json', { results: [{ model: 'join', letters: texts.join('').length, matrix: [1, 2] }] });\n        await output.json('joined.json'",
    );
    await project.run();
    await project.run();
    expect((await project.pipeline('compare', 'latest~1', 'latest')).stdout).toBe('the runs are the same\n');
    await project.edit('stages/upper/loud.ts', 'text.toUpperCase()', "text.toUpperCase() + '.'");
    await project.edit('pipeline.yaml', 'stages:', 'stages:\n  more: {uses: words}');
    await project.run('--set', 'upper.end=?');
    expect((await project.pipeline('compare', 'latest~1', 'latest')).stdout).toBe(
      [
        'upper: params.end "!" → "?"; code stages/upper/loud.ts changed',
        'join: input texts.upper changed',
        'more: only in run b',
        'join results[join]',
        '  letters  8 → 10\n',
      ].join('\n'),
    );
    const [newest] = JSON.parse((await project.pipeline('runs', '--json')).stdout) as RunRecord[];
    const json = JSON.parse(
      (await project.pipeline('compare', newest.id, 'latest~2', '--json')).stdout,
    ) as unknown;
    expect(json).toMatchObject({
      metrics: [{ name: 'join results[join].letters', a: 10, b: 8 }],
      stages: expect.arrayContaining([
        { stage: 'more', only: 'a', changes: [], sameResult: false },
        { stage: 'join', changes: ['input texts.upper changed'], sameResult: false },
      ]),
    });
    const { code, stderr } = await project.pipeline('compare', 'latest', `${newest.id.slice(0, -1)}x`);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `there is no run ${newest.id.slice(0, -1)}x\n  Did you mean ${newest.id}?\n`,
    });
  });

  it('knows the order of runs that started in the same second', () => {
    const folder = project.path('records');
    const records = new RunRecords(folder);
    for (const [id, started] of [
      ['20260101-000000-ffff', '2026-01-01T00:00:00.100Z'],
      ['20260101-000000-0000', '2026-01-01T00:00:00.900Z'],
    ]) {
      mkdirSync(join(folder, id), { recursive: true });
      writeFileSync(join(folder, id, 'run.json'), JSON.stringify({ id, started, stages: {} }));
    }
    mkdirSync(join(folder, 'killed'));
    expect(records.list().map(({ id }) => id)).toEqual(['20260101-000000-0000', '20260101-000000-ffff']);
  });
});
