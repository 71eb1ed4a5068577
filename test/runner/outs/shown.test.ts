import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Project } from '../../support/rig.ts';

const pipeline = `stages:
  gen: {run: 'echo gen >> $COUNTS; node -p "JSON.parse(process.env.PIPELINE_PARAMS).a" > g.txt', with: {a: 1}, outs: [g.txt]}
  use: {run: 'cat artifacts/gen/g.txt > o.txt', in: {g: gen}, outs: [o.txt]}
profiles:
  five: {gen.a: 5}
`;

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('what is shown', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'pipeline.yaml': pipeline });
  });

  afterEach(async () => {
    await project.remove();
  });

  const status = async (...args: string[]): Promise<string> =>
    (await project.pipeline('status', ...args)).stdout;
  const kept = (): string[] =>
    filesBelow(project.path('artifacts/.aside')).map((path) => readFileSync(path, 'utf8').trim());

  it('is what was shown before a sweep, of outs too', async () => {
    await project.run();
    const lock = await project.read('pipeline.lock');
    expect((await project.pipeline('sweep', '--set', 'gen.a=5,6')).code).toBe(0);
    expect(await project.read('g.txt')).toBe('1\n');
    expect(await project.read('artifacts/gen/g.txt')).toBe('1\n');
    expect(await project.read('o.txt')).toBe('1\n');
    expect(await project.read('pipeline.lock')).toBe(lock);
    expect(await status()).toContain('everything is up to date');
    expect(await project.executions()).toEqual(['gen', 'gen', 'gen']);
  });

  it('is nothing after a sweep before which nothing was', async () => {
    expect((await project.pipeline('sweep', '--set', 'gen.a=5,6')).code).toBe(0);
    for (const name of ['g.txt', 'o.txt', 'artifacts/gen', 'artifacts/use', 'pipeline.lock']) {
      expect(existsSync(project.path(name))).toBe(false);
    }
  });

  it.each([
    ['--set', 'gen.a=5'],
    ['--profile', 'five'],
  ])('is told apart by status from what is up to date after a run with %s %s', async (...args) => {
    await project.run();
    await project.run(...args);
    expect(await status(...args)).toContain('everything is up to date');
    const said = await status();
    expect(said).toMatch(/^gen: cached, made by run \S+; artifacts\/gen, g.txt show something else$/m);
    expect(said).not.toContain('up to date');
    expect((await project.run()).ran).toEqual([]);
    expect(await project.read('g.txt')).toBe('1\n');
    expect(await status()).toContain('everything is up to date');
  });

  it('is said to differ after a run of some stages, a deleted out and an edit', async () => {
    await project.run();
    await project.run('gen', '--set', 'gen.a=5');
    expect(await status()).toMatch(
      /^gen: .*artifacts\/gen, g.txt show something else\nuse: cached, made by run \S+$/m,
    );
    await project.run();
    await project.delete('g.txt');
    expect(await status()).toMatch(/^gen: .*; g.txt shows something else$/m);
    await project.run();
    await project.write('artifacts/use/o.txt', 'edited');
    expect(await status()).toMatch(/^use: .*; artifacts\/use shows something else$/m);
    await project.write('g.txt', 'edited');
    expect(await status()).toContain('g.txt was edited after gen made it');
    const { stages } = JSON.parse(await status('--json')) as { stages: { refused?: string }[] };
    expect(stages[0].refused).toBe('g.txt was edited after gen made it');
  });

  it('is of one pipeline file, and what others show is kept out of sight', async () => {
    await project.run();
    await project.write('artifacts/gen/notes.txt', 'mine');
    await project.write(
      'other.yaml',
      `stages:\n  gen: {run: 'echo other > g2.txt', outs: [g2.txt]}\n  more: {run: 'echo more > m.txt', outs: [m.txt]}\n`,
    );
    await project.run('-f', 'other.yaml');
    const shown = (): string[] =>
      filesBelow(project.path('artifacts'))
        .map((path) => path.slice(project.path('artifacts/').length))
        .filter((path) => !path.startsWith('.cache/'))
        .sort();
    expect(shown()).toEqual([
      '.others/pipeline.yaml/gen/g.txt',
      '.others/pipeline.yaml/use/o.txt',
      'gen/g2.txt',
      'gen/notes.txt',
      'more/m.txt',
    ]);
    expect(await status()).toContain('artifacts/gen shows something else');
    expect(await status('-f', 'other.yaml')).toContain('everything is up to date');
    await project.forgetExecutions();
    expect((await project.run()).ran).toEqual([]);
    expect(shown()).toEqual([
      '.others/other.yaml/gen/g2.txt',
      '.others/other.yaml/more/m.txt',
      'gen/g.txt',
      'gen/notes.txt',
      'use/o.txt',
    ]);
    expect(await status()).toContain('everything is up to date');
    // A stage that the pipeline has no longer.
    await project.edit('pipeline.yaml', '  use: {run', '  used: {run');
    await project.run();
    expect(shown().filter((path) => path.includes('use'))).toEqual([
      '.others/pipeline.yaml/use/o.txt',
      'used/o.txt',
    ]);
    expect(await project.executions()).toEqual([]);
  });

  it('takes the place of nothing of a person’s: edits, files, folders and links in artifacts/ are kept aside', async () => {
    await project.write('artifacts/gen/g.txt', 'a file');
    await project.write('mine/g.txt', 'elsewhere');
    await symlink('../mine', project.path('artifacts/use'));
    const first = await project.run();
    expect(first.code).toBe(0);
    expect(JSON.stringify(first.events)).toContain(
      'artifacts/gen/g.txt was made by no run; it is again what',
    );
    expect(await project.read('mine/g.txt')).toBe('elsewhere');
    expect(existsSync(project.path('mine/o.txt'))).toBe(false);
    await project.write('artifacts/gen/g.txt', 'an edit');
    await project.run();
    await project.write('artifacts/gen/g.txt', 'another edit');
    await project.run('--set', 'gen.a=2');
    await rm(project.path('artifacts/gen/g.txt'));
    await mkdir(project.path('artifacts/gen/g.txt'));
    await project.write('artifacts/gen/g.txt/inside', 'in a folder');
    await project.run();
    expect(await project.read('artifacts/gen/g.txt')).toBe('1\n');
    for (const text of ['a file', 'an edit', 'another edit', 'in a folder']) expect(kept()).toContain(text);
    expect(await project.executions()).toEqual(['gen', 'gen']);
  });
});
