import { existsSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tryLock } from '../../runner/execute/lock.ts';
import { Project, wordsProject } from '../support/rig.ts';

describe('gc, of what workers keep in a checkout', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create(wordsProject);
    for (const worker of [1, 2]) {
      await project.write(`artifacts/.cache/workers/${worker}/objects/ab/cd`, 'x'.repeat(1000 * worker));
    }
  });
  afterEach(() => project.remove());
  const workers = (): string[] => readdirSync(project.path('artifacts/.cache/workers'));

  it('lets go of those that have ended, and leaves those that run', async () => {
    const holder = { run: 'w', command: 'worker', since: new Date().toISOString() };
    const lock = (await tryLock(project.path('artifacts/.cache/workers/2/lock'), holder))!;
    const listed = await project.pipeline('gc');
    expect(listed.stdout).toBe(
      `artifacts/.cache/workers/1  1.00 KB\n1.00 KB can go, 0 B stay\n` +
        `nothing deleted; delete it with: pipeline gc --yes\n`,
    );
    expect(workers()).toEqual(['1', '2']);
    const { code, stdout } = await project.pipeline('gc', '--yes');
    expect(code).toBe(0);
    expect(stdout).toContain('deleted 1.00 KB\n');
    expect(workers()).toEqual(['2']);
    expect(existsSync(project.path('artifacts/.cache/workers/2/objects/ab/cd'))).toBe(true);
    lock.release();
    await project.pipeline('gc', '--yes');
    expect(workers()).toEqual([]);
    expect(readdirSync(project.path('artifacts/.cache/tmp'))).toEqual([]);
  });

  it('has one lock for each worker', async () => {
    const path = project.path('artifacts/.cache/workers/1/lock');
    const holder = { command: 'worker', since: new Date().toISOString() };
    const first = await tryLock(path, { ...holder, run: 'a' });
    expect(await tryLock(path, { ...holder, run: 'b' })).toBeUndefined();
    first?.release();
    expect(await tryLock(path, { ...holder, run: 'c' })).toBeDefined();
  });
});
