import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

const HEARTBEAT_MS = 2_000;
/** A holder that has not touched its lock for so long is taken for dead. */
const SILENCE_MS = 30_000;
const POLL_MS = 200;

/**
 * Runs `work` while holding a lock that all processes respect, also those of another machine on a shared disk.
 * A dead holder's lock is taken over.
 * @template Result
 * @param {string} file the lock; its folder is made
 * @param {(holder: string) => void} onWait called once if another process holds the lock
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withLock(file, onWait, work) {
  await mkdir(path.dirname(file), { recursive: true });
  const own = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() });
  for (let waited = false; !(await created(file, own));) {
    const holder = await readHolder(file);
    if (holder === null) continue;
    if (holder.dead) {
      await remove(file, holder.token);
      continue;
    }
    if (!waited) onWait(`process ${holder.pid} on ${holder.host}`);
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    const current = await readFile(file, 'utf8').catch(() => '');
    if (current === own) await rm(file, { force: true });
  }
}

/**
 * @param {string} file
 * @param {string} content
 * @returns {Promise<boolean>} false if the file is there already
 */
async function created(file, content) {
  try {
    await writeFile(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file */
async function readHolder(file) {
  try {
    const [content, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    const silent = Date.now() - mtimeMs > SILENCE_MS;
    // Between creation and writing the file is empty for a moment.
    if (content === '') return { pid: 0, host: 'unknown', token: 'empty', dead: silent };
    /** @type {{ pid: number, host: string, token: string }} */
    const holder = JSON.parse(content);
    return { ...holder, dead: silent || (holder.host === hostname() && !alive(holder.pid)) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Removes a dead holder's lock. Of all that found it dead only one may: a second removal could hit the lock that
 * the first remover, or a third process, has taken meanwhile.
 * @param {string} file
 * @param {string} token of the dead holder
 */
async function remove(file, token) {
  const claim = `${file}.${token}`;
  if (!(await created(claim, ''))) {
    const { mtimeMs } = await stat(claim).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > SILENCE_MS) await rm(claim, { force: true });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    return;
  }
  const holder = await readHolder(file);
  if (holder?.token === token) await rm(file, { force: true });
  await rm(claim, { force: true });
}
