import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withLock } from '../../scripts/prepare/lock.mjs';

describe('withLock', () => {
  let folder: string;
  let file: string;
  const neverWaits = (): void => {
    throw new Error('waited for a dead holder');
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lock-'));
    file = join(folder, 'work.lock');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lets one in at a time, and says whom the others wait for', async () => {
    let inside = 0;
    const onWait = jest.fn<(holder: string) => void>();
    const work = async (): Promise<void> => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(file, onWait, work)));
    expect(onWait).toHaveBeenCalledTimes(4);
    expect(onWait).toHaveBeenCalledWith(`process ${process.pid} on ${hostname()}`);
  });

  it('gives the result, and is free again after a failure', async () => {
    await expect(withLock(file, neverWaits, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(file, neverWaits, () => Promise.resolve(7))).toBe(7);
    expect(existsSync(file)).toBe(false);
  });

  it('takes over from a process that has died, once among many that find it dead', async () => {
    const { pid } = spawnSync('true');
    await writeFile(file, JSON.stringify({ pid, host: hostname(), token: 'dead' }));
    let inside = 0;
    const work = async (): Promise<void> => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
    };
    await Promise.all(Array.from({ length: 8 }, () => withLock(file, () => undefined, work)));
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over from another machine that has long been silent', async () => {
    await writeFile(file, JSON.stringify({ pid: 1, host: 'elsewhere', token: 'silent' }));
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(file, longAgo, longAgo);
    expect(await withLock(file, neverWaits, () => Promise.resolve('in'))).toBe('in');
  });
});
