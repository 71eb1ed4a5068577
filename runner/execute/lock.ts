import { readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { LockHolder } from '../events.ts';

const heartbeatMilliseconds = 2000;
/** On another host a holder can only be judged by its heartbeat. */
const deadAfterMilliseconds = 30_000;
const pollMilliseconds = 200;

interface Holder extends LockHolder {
  /** Tells a process from a later one with the same id; null where the system does not say. */
  readonly started: string | null;
}

export interface WorkspaceLock {
  release(): void;
}

/**
 * Takes the one lock of a workspace. Waits while a living run holds it; takes over from a dead one.
 * Rejects with the signal's reason when aborted while waiting.
 */
export async function acquireLock(
  path: string,
  holder: Pick<LockHolder, 'run' | 'command' | 'since'>,
  options: { readonly signal: AbortSignal; onWait(holder: LockHolder): void },
): Promise<WorkspaceLock> {
  const own: Holder = { ...holder, pid: process.pid, host: hostname(), started: processStart(process.pid) };
  await mkdir(dirname(path), { recursive: true });
  let announced: string | undefined;
  for (;;) {
    if (await create(path, own)) return keep(path, own);
    const other = read(path);
    if (other !== undefined && isDead(path, other)) takeOver(path, other);
    else {
      if (other !== undefined && announced !== other.run) options.onWait(other);
      announced = other?.run ?? announced;
      await wait(pollMilliseconds, undefined, { signal: options.signal });
    }
  }
}

/** Takes a lock that nobody alive holds; undefined where somebody does. */
export async function tryLock(
  path: string,
  holder: Pick<LockHolder, 'run' | 'command' | 'since'>,
): Promise<WorkspaceLock | undefined> {
  if (lockHolder(path) !== undefined) return undefined;
  // Another that asks at the same moment may be faster.
  const turnedAway = new AbortController();
  try {
    return await acquireLock(path, holder, {
      signal: turnedAway.signal,
      onWait: () => {
        turnedAway.abort();
      },
    });
  } catch (error) {
    if (turnedAway.signal.aborted) return undefined;
    throw error;
  }
}

/** Who holds the lock now, if anyone alive does. */
export function lockHolder(path: string): LockHolder | undefined {
  const holder = read(path);
  return holder === undefined || isDead(path, holder) ? undefined : holder;
}

/** Written whole under another name first, so that nobody reads a lock half written. */
async function create(path: string, own: Holder): Promise<boolean> {
  const temporary = `${path}.${process.pid}`;
  const handle = await open(temporary, 'w');
  await handle.writeFile(JSON.stringify(own));
  await handle.close();
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

function keep(path: string, own: Holder): WorkspaceLock {
  const timer = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // Somebody removed the folder under a living run; the run goes on without it.
    }
  }, heartbeatMilliseconds);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      if (read(path)?.run === own.run) rmSync(path, { force: true });
    },
  };
}

function read(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isDead(path: string, holder: Holder): boolean {
  if (holder.host !== hostname()) {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats !== undefined && Date.now() - stats.mtimeMs > deadAfterMilliseconds;
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const started = processStart(holder.pid);
  return started !== null && holder.started !== null && started !== holder.started;
}

/** Of several that see the same dead holder, one wins the rename; one that moved a living lock puts it back. */
function takeOver(path: string, dead: Holder): void {
  const aside = `${path}.dead.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (read(aside)?.run === dead.run) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

/** The start time of a process in clock ticks since boot, where /proc tells it; of a zombie, that it is one. */
function processStart(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; behind it come the state and, 19 fields on, the start time.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'zombie' : (fields[19] ?? null);
  } catch {
    return null;
  }
}
