import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const run = promisify(execFile);

describe('the launcher', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'launcher-'));
    await symlink(resolve('pipeline'), join(folder, 'first'));
    await symlink('first', join(folder, 'second'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('runs from any folder, through symlinks, and leaves stdout to the command', async () => {
    const { stdout } = await run(join(folder, 'second'), ['--version'], { cwd: folder });
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('says what to install where there is no node', async () => {
    // A PATH with the tools of a shell but without node.
    await symlink('/bin/sh', join(folder, 'sh'));
    await expect(
      run(join(folder, 'first'), [], { env: { PATH: '/none' }, cwd: folder }),
    ).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('install Node'),
    });
  });
});
