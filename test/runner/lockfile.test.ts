import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { type LockedStage, Lockfile } from '../../runner/record/lockfile.ts';
import { useTemporaryFolder } from '../support/temporary-folder.ts';
import { Project, wordsProject } from '../support/rig.ts';

const hex = (digit: string): string => digit.repeat(64);

describe('pipeline.lock as a file', () => {
  const { file } = useTemporaryFolder();

  it('gives back what was stated, whatever the names and values', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a: b', '"', '\n  key: x', '#', "'", ' ', ''),
    );
    const locked = fc.record({
      key: fc.constantFrom(hex('a'), hex('b')),
      artifact: fc.constantFrom(hex('c'), hex('d')),
      fingerprint: fc.dictionary(text, text).map((parts): Record<string, string> => ({ ...parts })),
    });
    const name = fc.oneof(fc.constantFrom('mfcc', 'train[cnn,mfcc]', 'läuft', 'a: b'), text);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, locked), { selector: ([first]) => first }),
        async (stages) => {
          const path = file('pipeline.lock');
          const lockfile = Lockfile.read(path);
          for (const [stage, value] of stages) lockfile.set(stage, value);
          await lockfile.save(new Set(stages.map(([stage]) => stage)));
          const again = Lockfile.read(path);
          for (const [stage, value] of stages) expect(again.get(stage)).toEqual(value);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is the same whatever the order the stages ended in', async () => {
    const stage = (key: string): LockedStage => ({
      key: hex(key),
      artifact: hex('f'),
      fingerprint: { kind: 'x' },
    });
    const names = ['b', 'a', 'train[cnn,mfcc]', 'c'];
    const texts: string[] = [];
    for (const order of [names, [...names].reverse()]) {
      const lockfile = Lockfile.read(file(order[0]));
      for (const name of order) lockfile.set(name, stage('1'));
      await lockfile.save(new Set(names));
      texts.push(execFileSync('cat', [file(order[0])], { encoding: 'utf8' }));
    }
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0].split('\n').filter((line) => /^\S.*:$/.test(line))).toEqual([
      'a:',
      'b:',
      'c:',
      '"train[cnn,mfcc]":',
    ]);
  });
});

describe('pipeline.lock in git', () => {
  let project: Project;

  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], {
      cwd: project.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  /** Three stages side by side, next to each other in the file. */
  beforeEach(async () => {
    project = await Project.create({
      ...wordsProject,
      'pipeline.yaml': `stages:
  words: {uses: words}
  upper1:
    uses: upper
    in: {words: words}

    with: {end: "1"}


  upper2:
    uses: upper
    in: {words: words}

    with: {end: "2"}


  upper3:
    uses: upper
    in: {words: words}

    with: {end: "3"}
`,
      '.gitignore': 'artifacts/\ncounts\n',
    });
    await project.run();
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-qm', 'start');
  });

  afterEach(async () => {
    await project.remove();
  });

  const onBranch = async (name: string, from: string, to: string): Promise<void> => {
    git('checkout', '-qb', name, 'main');
    await project.edit('pipeline.yaml', from, to);
    await project.run();
    git('commit', '-qam', name);
  };

  it('is the same after a run in which nothing changed, and names no times', async () => {
    const before = await project.read('pipeline.lock');
    await project.run('--force');
    expect(await project.read('pipeline.lock')).toBe(before);
    expect(git('status', '--porcelain')).toBe('');
    const day = new Date().toISOString().slice(0, 10);
    expect(before).not.toContain(day);
    expect(before).not.toContain(day.replaceAll('-', ''));
    expect(before).not.toContain(project.folder);
  });

  it('is merged by git where two branches changed different stages, and the merge is all cached', async () => {
    await onBranch('one', 'end: "1"', 'end: "one"');
    await onBranch('two', 'end: "2"', 'end: "two"');
    git('merge', '-q', 'one', '-m', 'both');
    await project.forgetExecutions();
    const { ran, code } = await project.run();
    expect({ ran, code }).toEqual({ ran: [], code: 0 });
    expect(git('status', '--porcelain')).toBe('');
    expect(await project.executions()).toEqual([]);
  });

  it('breaks nothing with conflict marks in it, keeps both sides from gc, and is whole after the next run', async () => {
    await onBranch('one', 'end: "1"', 'end: "one"');
    await onBranch('two', 'end: "1"', 'end: "two"');
    expect(() => git('merge', 'one')).toThrow();
    expect(await project.read('pipeline.lock')).toContain('<<<<<<<');
    await project.write('pipeline.yaml', git('show', 'two:pipeline.yaml'));
    expect((await project.pipeline('status')).code).toBe(0);
    expect((await project.pipeline('explain', 'upper1')).stdout).toMatch(/^upper1: cached, made by run /);
    expect((await project.pipeline('gc', '--keep-runs', '1', '--yes')).code).toBe(0);
    await project.forgetExecutions();
    expect((await project.run()).ran).toEqual([]);
    expect(await project.read('pipeline.lock')).toBe(git('show', 'two:pipeline.lock'));
    await project.write('pipeline.yaml', git('show', 'one:pipeline.yaml'));
    expect((await project.run()).ran).toEqual([]);
    expect(await project.executions()).toEqual([]);
  });

  it.each([
    ['garbage', '\u0000\u0001"\n  : : "\n    "x: y\n{[}'],
    ['half a file', undefined],
    ['nothing', ''],
  ])('counts stages as never run where it holds %s, and is written anew', async (_what, text) => {
    const whole = await project.read('pipeline.lock');
    await project.write('pipeline.lock', text ?? whole.slice(0, whole.length / 2));
    expect((await project.pipeline('status')).stdout).toContain('everything is up to date');
    expect((await project.pipeline('explain', 'upper3', '--set', 'upper3.end=x')).stdout).toBe(
      'upper3: never ran\n',
    );
    expect((await project.run()).ran).toEqual([]);
    expect(await project.read('pipeline.lock')).toBe(whole);
    expect(existsSync(project.path('pipeline.lock'))).toBe(true);
  });
});
