import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kinds, Project } from '../support/rig.ts';
import { until } from '../support/until.ts';

let project: Project;

/** A command that counts its executions, with these deps. */
const pipelineOf = (deps: string, command = 'true'): string =>
  `stages:\n  tell: {run: "echo tell >> counts; ${command}", deps: [${deps}]}\n`;

beforeEach(async () => {
  project = await Project.create({ 'data/a.csv': '1', 'conf/.env': 'A=1' });
});
afterEach(async () => {
  await project.remove();
});

async function executions(): Promise<number> {
  await project.forgetExecutions();
  expect((await project.run()).code).toBe(0);
  return (await project.executions()).length;
}

describe('the deps of a command', () => {
  it('make it run again for each change of a folder: hidden files, any names, modes, empty folders', async () => {
    await project.write('pipeline.yaml', pipelineOf('conf'));
    const odd = Buffer.concat([Buffer.from(project.path('conf/caf')), Buffer.of(0xe9)]);
    const edits = [
      () => Promise.resolve(),
      () => project.write('conf/.env', 'A=2'),
      () => writeFile(odd, '1'),
      () => writeFile(odd, '2'),
      () => chmod(project.path('conf/.env'), 0o755),
      () => mkdir(project.path('conf/empty')),
      () => symlink('../data', project.path('conf/link')),
      () => project.write('data/b.csv', '2'),
    ];
    for (const edit of edits) {
      await edit();
      expect([await executions(), await executions()]).toEqual([1, 0]);
    }
  });

  it('may be patterns: what they match is in the key', async () => {
    await project.write('pipeline.yaml', pipelineOf('"data/*.csv"'));
    expect([await executions(), await executions()]).toEqual([1, 0]);
    await project.write('data/b.csv', '2');
    expect(await executions()).toBe(1);
    await project.write('data/c.txt', '');
    expect(await executions()).toBe(0);
    rmSync(project.path('data/b.csv'));
    // As it was.
    expect(await executions()).toBe(0);
  });

  it('may be the workspace, without what runs write there', async () => {
    await project.write('pipeline.yaml', 'stages:\n  tell: {run: "echo tell >> $COUNTS", deps: [.]}\n');
    const counts = `${project.folder}-counts`;
    const env = { COUNTS: counts };
    for (const expected of ['ran', 'cached', 'cached']) {
      const child = project.start(['run', '--json'], env);
      let out = '';
      child.stdout.on('data', (text: Buffer) => (out += text.toString()));
      await new Promise((ended) => child.once('close', ended));
      const last = JSON.parse(out.trim().split('\n').at(-1)!) as Record<string, unknown>;
      expect(last[expected]).toEqual(['tell']);
    }
    rmSync(counts);
  });

  it('that are not there are said before anything runs, by every command that plans', async () => {
    await project.write(
      'pipeline.yaml',
      `stages:
  first: {run: "echo first >> counts"}
  tell:
    run: echo tell >> counts
    deps: [data/a.cvs, "data/*.tsv", artifacts/first, pipe]
`,
    );
    execFileSync('mkfifo', [project.path('pipe')]);
    const expected = `pipeline.yaml:5:12: the dep data/a.cvs of tell is not there
      deps: [data/a.cvs, "data/*.tsv", artifacts/first, pipe]
             ^^^^^^^^^^
  did you mean data/a.csv?
pipeline.yaml:5:24: the dep data/*.tsv of tell matches no file
      deps: [data/a.cvs, "data/*.tsv", artifacts/first, pipe]
                         ^^^^^^^^^^^^
  correct the pattern, or make the files first
pipeline.yaml:5:38: the dep artifacts/first of tell lies in artifacts/, which shows what stages made
      deps: [data/a.cvs, "data/*.tsv", artifacts/first, pipe]
                                       ^^^^^^^^^^^^^^^
  take in what a stage made by "in: {NAME: STAGE}"
pipeline.yaml:5:55: the dep pipe of tell cannot be read: pipe: it is a pipe, and only files and folders are read
      deps: [data/a.cvs, "data/*.tsv", artifacts/first, pipe]
                                                        ^^^^
  Remove it, or let the stage read another file or folder.
`;
    for (const command of [['run', '-q'], ['run', '--dry-run'], ['status']]) {
      expect(await project.pipeline(...command)).toEqual({ code: 2, stdout: '', stderr: expected });
    }
    expect(await project.executions()).toEqual([]);
    // Of what is not asked for, nothing need be there.
    expect((await project.run('first')).ran).toEqual(['first']);
  });

  it('that change while it runs leave its result out of the cache', async () => {
    await project.write(
      'pipeline.yaml',
      pipelineOf('data', 'test -e ready || until test -e go; do sleep 0.05; done'),
    );
    const running = project.run();
    await until(async () => (await project.executions()).length > 0);
    // There when the command ends as it was when it began.
    await project.write('data/b.csv', '2');
    rmSync(project.path('data/b.csv'));
    await project.write('ready', '');
    await project.write('go', '');
    const { stdout } = await running;
    expect(stdout).toContain(
      'data changed while the stage ran; its result is used in this run and not cached',
    );
    expect([await executions(), await executions()]).toEqual([1, 0]);
  });
});

describe('a file that pipeline.yaml cannot be', () => {
  it('is said at once', async () => {
    execFileSync('mkfifo', [project.path('pipe')]);
    for (const [file, what] of [
      ['pipe', 'it is a pipe or a device'],
      ['/dev/zero', 'it is a pipe or a device'],
      ['data', 'it is a folder'],
    ]) {
      const { code, stderr } = await project.pipeline('status', '-f', file);
      expect([code, stderr]).toEqual([
        2,
        `${file}: cannot be read: ${what}\n  name a pipeline.yaml with -f FILE\n`,
      ]);
    }
  });
});

describe('a source', () => {
  it('is told of hidden files, and of files whose names are not UTF-8 says that they are left out', async () => {
    for (const [name, text] of Object.entries(kinds.words)) await project.write(name, text);
    await project.write('pipeline.yaml', 'stages:\n  words: {uses: words, with: {root: words}}\n');
    await project.write('words/.hidden.txt', 'one');
    writeFileSync(
      Buffer.concat([Buffer.from(project.path('words/caf')), Buffer.of(0xe9), Buffer.from('.txt')]),
      'two',
    );
    const { rows } = await project.run();
    expect(rows.words).toEqual({ total: 1, computed: 1, reused: 0 });
    expect(await project.executions()).toEqual(['words .hidden.txt']);
    expect(JSON.parse(await project.read('artifacts/words/excluded.json'))).toEqual([
      { name: 'caf\\xe9.txt', reason: 'its name is not UTF-8; rename it' },
    ]);
  });

  it('whose folder is not there is said by what plans too, and runs once it is', async () => {
    for (const [name, text] of Object.entries(kinds.words)) await project.write(name, text);
    await project.write('pipeline.yaml', 'stages:\n  words: {uses: words, with: {root: later}}\n');
    const status = async (): Promise<string> => (await project.pipeline('status')).stdout.split('\n')[0];
    expect(await status()).toBe('words: would fail: later is not there; never ran');
    await project.write('later/a.txt', 'one');
    expect(await status()).toBe('words: never ran');
    execFileSync('mkfifo', [project.path('later/pipe')]);
    expect(await status()).toBe(
      'words: would fail: later/pipe: it is a pipe, and only files and folders are read',
    );
  });
});
