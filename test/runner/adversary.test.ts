import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { FileDigests } from '../../runner/fingerprint/file-digests.ts';
import { numbersOfPath } from '../../runner/fingerprint/stat.ts';
import { readTree } from '../../runner/fingerprint/tree.ts';
import { Project, wordsProject } from '../support/rig.ts';
import { useTemporaryFolder } from '../support/temporary-folder.ts';

/** Edits that are made to be overlooked. */
describe('the cache is not deceived', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  const joined = async (): Promise<unknown> => JSON.parse(await project.read('artifacts/join/joined.json'));
  const started = async (files: Readonly<Record<string, string>> = wordsProject): Promise<void> => {
    project = await Project.create(files);
    expect(await project.run()).toMatchObject({ code: 0, stderr: '' });
    await project.forgetExecutions();
  };

  it('by an edit of the same size whose time is set back', async () => {
    await started();
    const { atime, mtime } = statSync(project.path('data/b.txt'));
    await project.write('data/b.txt', 'owt');
    utimesSync(project.path('data/b.txt'), atime, mtime);
    await project.run();
    expect(await joined()).toBe('ONE! OWT!');
  });

  it('by files that change places', async () => {
    await started();
    renameSync(project.path('data/a.txt'), project.path('data/x.txt'));
    renameSync(project.path('data/b.txt'), project.path('data/a.txt'));
    renameSync(project.path('data/x.txt'), project.path('data/b.txt'));
    await project.run();
    expect(await joined()).toBe('TWO! ONE!');
  });

  it('by a link of a folder that leads elsewhere', async () => {
    await started();
    renameSync(project.path('data'), project.path('first'));
    symlinkSync('first', project.path('data'));
    expect((await project.run()).ran).toEqual([]);
    await project.write('second/a.txt', 'eno');
    await project.write('second/b.txt', 'two');
    rmSync(project.path('data'));
    symlinkSync('second', project.path('data'));
    await project.run();
    expect(await joined()).toBe('ENO! TWO!');
  });

  it('by a link of a file that leads elsewhere, or by an edit at its end', async () => {
    project = await Project.create({ ...wordsProject, 'pool/1': 'one', 'pool/2': 'eno' });
    rmSync(project.path('data/a.txt'));
    symlinkSync('../pool/1', project.path('data/a.txt'));
    await project.run();
    rmSync(project.path('data/a.txt'));
    symlinkSync('../pool/2', project.path('data/a.txt'));
    await project.run();
    expect(await joined()).toBe('ENO! TWO!');
    await project.write('pool/2', 'neo');
    await project.run();
    expect(await joined()).toBe('NEO! TWO!');
  });

  it('by a file that becomes a folder, and a folder that becomes a file', async () => {
    await started();
    await project.delete('data/b.txt');
    await project.write('data/b.txt/c.txt', 'deep');
    expect((await project.run()).code).toBe(0);
    expect(await joined()).toBe('ONE! DEEP!');
    await project.delete('data/b.txt');
    await project.write('data/b.txt', 'two');
    expect((await project.run()).ran).toEqual([]);
    expect(await joined()).toBe('ONE! TWO!');
  });

  it('by names with line ends and quotes, and one that reads like a list of files', async () => {
    await started();
    const names = [
      'line\nend.txt',
      'quo"te\'s.txt',
      ' .txt',
      'ünï\u200bcode.txt',
      `a\n${'0'.repeat(64)} b.txt`,
    ];
    for (const [at, name] of names.entries()) await project.write(`data/${name}`, `n${at}`);
    const { rows, reasons } = await project.run();
    expect(rows.upper).toEqual({ total: 7, computed: 5, reused: 2 });
    expect(reasons.words).toEqual([expect.stringMatching(/^5 files added \(/)]);
    expect((await project.run()).ran).toEqual([]);
    await project.write('data/line\nend.txt', 'N0');
    expect((await project.run()).rows.words).toEqual({ total: 7, computed: 1, reused: 6 });
  });

  it('by a folder of data that is empty, or gone', async () => {
    await started();
    const before = await joined();
    for (const name of ['data/a.txt', 'data/b.txt']) await project.delete(name);
    expect(await project.run()).toMatchObject({
      code: 0,
      rows: { words: { total: 0, computed: 0, reused: 0 } },
    });
    expect(await joined()).toBe('');
    await project.delete('data');
    const { code, stderr } = await project.pipeline('run');
    expect(stderr === '' ? code : stderr).toEqual(expect.anything());
    await project.write('data/a.txt', 'one');
    await project.write('data/b.txt', 'two');
    expect((await project.run()).ran).toEqual([]);
    expect(await joined()).toBe(before);
  });

  it('by params of any sort', async () => {
    const stage = (params: string): string =>
      `stages:\n  tell: {run: "echo $PIPELINE_PARAMS > told; echo x >> $COUNTS", outs: [told], with: ${params}}\n`;
    project = await Project.create({ 'pipeline.yaml': stage('{}') });
    await project.run();
    const seen = new Map<string, string>();
    for (const value of [
      '2026-01-01',
      '"2026-01-01"',
      'null',
      '""',
      '"null"',
      'true',
      '"true"',
      '1',
      '1.0',
      '"1"',
      '-0.0',
      'é',
      '"e\\u0301"',
      '[]',
      '{}',
      '[null]',
      '[[]]',
      '0x10',
      '1e3',
      '"a.b"',
      '{"a.b": 1}',
      '{a: {b: 1}}',
      '"\\0\\n"',
    ]) {
      await project.write('pipeline.yaml', stage(`{value: ${value}}`));
      const before = (await project.executions()).length;
      expect(await project.run()).toMatchObject({ code: 0 });
      const ran = (await project.executions()).length > before;
      const told = await project.read('artifacts/tell/told');
      // It ran if and only if it was given what it never was before.
      expect({ value, ran }).toEqual({ value, ran: ![...seen.values()].includes(told) });
      seen.set(value, told);
    }
  });

  it('by two pipelines in one folder', async () => {
    await started();
    const lock = await project.read('pipeline.lock');
    await project.write(
      'other.yaml',
      'stages:\n  words: {uses: words}\n  upper: {uses: upper, in: {words: words}, with: {end: "?"}}\n',
    );
    expect(await project.run('-f', 'other.yaml')).toMatchObject({
      code: 0,
      cached: ['words'],
      ran: ['upper'],
    });
    expect(await project.read('pipeline.lock')).toBe(lock);
    expect((await project.run()).ran).toEqual([]);
    expect((await project.run('-f', 'other.yaml')).ran).toEqual([]);
    await project.pipeline('gc', '--keep-runs', '1', '--yes');
    expect((await project.run('-f', 'other.yaml')).ran).toEqual([]);
    expect((await project.run()).ran).toEqual([]);
  });

  it('by what is neither a file nor a folder', async () => {
    await started();
    const problem = async (): Promise<unknown> => {
      const { code, events } = await project.run();
      expect(code).toBe(1);
      return events.flatMap((event) => (event.type === 'stage-failed' ? event.problems : []));
    };
    symlinkSync('nowhere', project.path('data/dangling.txt'));
    expect(await problem()).toEqual([
      {
        stage: 'words',
        message: 'it is a link that leads nowhere',
        place: { file: 'data/dangling.txt' },
        hint: 'Bring back what it leads to, or remove it.',
      },
    ]);
    expect((await project.pipeline('status')).stdout).toContain(
      'words: would fail: data/dangling.txt: it is a link that leads nowhere\n',
    );
    rmSync(project.path('data/dangling.txt'));
    execFileSync('mkfifo', [project.path('data/pipe.txt')]);
    expect(await problem()).toEqual([
      {
        stage: 'words',
        message: 'it is a pipe, and only files and folders are read',
        place: { file: 'data/pipe.txt' },
        hint: 'Remove it, or let the stage read another file or folder.',
      },
    ]);
    rmSync(project.path('data/pipe.txt'));
    expect((await project.run()).ran).toEqual([]);
  });

  it('by a project beside it that reads the same data', async () => {
    await started();
    const other = await Project.create(wordsProject);
    try {
      rmSync(other.path('data'), { recursive: true });
      symlinkSync(project.path('data'), other.path('data'));
      await Promise.all([project.run('--force'), other.run()]);
      await project.write('data/b.txt', 'deux');
      await Promise.all([project.run(), other.run()]);
      expect(await joined()).toBe('ONE! DEUX!');
      expect(JSON.parse(await other.read('artifacts/join/joined.json'))).toBe('ONE! DEUX!');
    } finally {
      await other.remove();
    }
  });

  it('by artifacts that two projects share through a link', async () => {
    await started();
    const other = await Project.create({ ...wordsProject, 'data/b.txt': 'deux' });
    try {
      symlinkSync(project.path('artifacts'), other.path('artifacts'));
      const both = [project.start(['run', '--force']), other.start(['run'])];
      const codes = await Promise.all(
        both.map(async (child) => ((await once(child, 'exit')) as [number])[0]),
      );
      expect(codes).toEqual([0, 0]);
      expect((await project.run()).ran).toEqual([]);
      expect(await joined()).toBe('ONE! TWO!');
      expect((await other.run()).ran).toEqual([]);
      expect(await joined()).toBe('ONE! DEUX!');
      expect((await project.pipeline('verify')).code).toBe(0);
    } finally {
      rmSync(other.path('artifacts'));
      await other.remove();
    }
  });
});

describe('digests of files', () => {
  const { file } = useTemporaryFolder();

  afterEach(() => {
    jest.restoreAllMocks();
  });

  const fresh = (): FileDigests => new FileDigests(file('digests'));

  it('are not remembered of a file that was written a moment before it was read, however long that took', async () => {
    const path = file('large');
    writeFileSync(path, '');
    // Long enough to be read that it is no longer a moment ago in the end.
    truncateSync(path, 2 ** 29);
    const numbers = numbersOfPath(path)!;
    const [changed, began] = [Number(numbers[2] / 1_000_000n), performance.now()];
    jest.spyOn(Date, 'now').mockImplementation(() => changed + Math.round(performance.now() - began));
    const digests = fresh();
    await digests.digest(path, numbers);
    expect(performance.now() - began).toBeGreaterThan(100);
    expect(digests.known(path, numbers)).toBeUndefined();
  });

  it('are remembered of older files, and not where the clock says that they are of the future', async () => {
    const path = file('small');
    writeFileSync(path, 'x');
    const numbers = numbersOfPath(path)!;
    const changed = Number(numbers[2] / 1_000_000n);
    const now = jest.spyOn(Date, 'now').mockReturnValue(changed - 86_400_000);
    const digests = fresh();
    const digest = await digests.digest(path, numbers);
    expect(digests.known(path, numbers)).toBeUndefined();
    now.mockReturnValue(changed + 1000);
    await digests.digest(path, numbers);
    await digests.save();
    expect(fresh().known(path, numbers)).toBe(digest);
    for (const part of [0, 1, 2, 3]) {
      const other = numbers.map((value, at) => (at === part ? value + 1n : value));
      expect(fresh().known(path, other)).toBeUndefined();
    }
  });

  it('of trees differ where one name reads like two files', async () => {
    const digests = fresh();
    const digestOf = async (name: string): Promise<string> =>
      (await readTree(name, file(name), digests)).digest;
    mkdirSync(file('two'));
    writeFileSync(file('two/a'), '1');
    writeFileSync(file('two/b'), '2');
    const [, second] = (await readTree('two', file('two'), digests)).files;
    mkdirSync(file('one'));
    writeFileSync(file(`one/a\n${second.digest} b`), '1');
    expect(await digestOf('one')).not.toBe(await digestOf('two'));
  });
});
