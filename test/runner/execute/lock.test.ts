import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { lockHolder, tryLock } from '../../../runner/execute/lock.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const about = { command: 'run', since: '2026-01-01T00:00:00.000Z' };
const { file } = useTemporaryFolder();

const take = (run: string) => tryLock(file('lock'), { run, ...about });

interface Written {
  pid: number;
  host: string;
  process: { boot: string | null; namespace: string | null; started: string | null };
}

/** A lock as another holder has it; this process made it and left it. */
async function leave(change: (lock: Written) => void): Promise<void> {
  const lock = (await take('left'))!;
  const written = JSON.parse(readFileSync(file('lock'), 'utf8')) as Written;
  lock.release();
  change(written);
  writeFileSync(file('lock'), JSON.stringify(written));
}

async function endedProcess(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid!;
}

const old = (): void => {
  utimesSync(file('lock'), new Date(), new Date(Date.now() - 60_000));
};

const linux = process.platform === 'linux' ? it : it.skip;

describe('a lock', () => {
  it('is held until it is released', async () => {
    const first = (await take('a'))!;
    expect(await take('b')).toBeUndefined();
    expect(lockHolder(file('lock'))?.run).toBe('a');
    first.release();
    expect(lockHolder(file('lock'))).toBeUndefined();
    (await take('c'))!.release();
    expect(readdirSync(file(''))).toEqual([]);
  });

  it('of a process that has ended is taken over', async () => {
    const pid = await endedProcess();
    await leave((lock) => {
      lock.pid = pid;
    });
    (await take('b'))!.release();
    expect(readdirSync(file(''))).toEqual([]);
  });

  linux('of an earlier process with the same number is taken over', async () => {
    await leave((lock) => {
      lock.process.started = '1';
    });
    (await take('b'))!.release();
  });

  linux.each([
    ['another PID namespace', (lock: Written) => (lock.process.namespace = 'pid:[1]')],
    ['another host, or before a restart', (lock: Written) => (lock.process.boot = 'other')],
  ])('of %s is judged by its heartbeat alone', async (_, change) => {
    const pid = await endedProcess();
    await leave((lock) => {
      lock.pid = pid;
      change(lock);
    });
    expect(await take('b')).toBeUndefined();
    expect(lockHolder(file('lock'))?.run).toBe('left');
    old();
    (await take('b'))!.release();
  });

  it('of a living process is held though its heartbeat is silent', async () => {
    const lock = (await take('a'))!;
    old();
    expect(await take('b')).toBeUndefined();
    lock.release();
  });

  it.each(['', 'garbage', '{}', 'null', '[]', '{"pid": "x"}', '{"run": "a", "pid": 1, "process": null}'])(
    'that reads %j is waited for a moment, and then taken over',
    async (text) => {
      writeFileSync(file('lock'), text);
      expect(await take('b')).toBeUndefined();
      old();
      (await take('b'))!.release();
    },
  );

  it('of a dead holder goes to one of many that ask at once', async () => {
    const pid = await endedProcess();
    for (let round = 0; round < 20; round += 1) {
      await leave((lock) => {
        lock.pid = pid;
      });
      const taken = await Promise.all(Array.from({ length: 10 }, (_, at) => take(String(at))));
      const holders = taken.filter((lock) => lock !== undefined);
      expect(holders).toHaveLength(1);
      holders[0].release();
    }
  });
});
