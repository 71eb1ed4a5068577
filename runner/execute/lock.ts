import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PipelineError } from '../errors.ts';
import type { LockHolder } from '../events.ts';
import { holderIn, LockFile, senselessForMilliseconds, type Taken } from './lock-file.ts';
import { type Holder, isOfThisBoot } from './lock-holder.ts';
import { guard } from './processes/guard.ts';
import { endMarked } from './processes/mark.ts';

const pollMilliseconds = 200;
const checkMilliseconds = 2000;

export interface WorkspaceLock {
  /** Aborted where somebody has removed the lock and somebody else has taken it. */
  readonly lost: AbortSignal;
  release(): void;
}

export interface LockOptions {
  readonly signal: AbortSignal;
  onWait(holder: LockHolder): void;
  /** The lock's file is not one: it is waited for a moment, in case its holder is of another version. */
  onUnreadable?(): void;
}

/**
 * Takes the one lock of a workspace. Waits while a living run holds it; takes over from a dead one, of which nothing that
 * it started is left then. Rejects with the signal's reason when aborted while waiting.
 */
export async function acquireLock(
  path: string,
  about: Pick<LockHolder, 'run' | 'command' | 'since'>,
  options: LockOptions,
): Promise<WorkspaceLock> {
  mkdirSync(dirname(path), { recursive: true });
  const file = new LockFile(path, about);
  let announced: string | undefined;
  for (;;) {
    const taken = file.take();
    if (taken.type === 'taken') return keep(file, taken);
    const { holder } = taken;
    const name = holder === undefined ? (taken.type === 'unreadable' ? 'unreadable' : undefined) : holder.id;
    if (name !== undefined && name !== announced) {
      if (holder === undefined) options.onUnreadable?.();
      else options.onWait(holder);
      announced = name;
    }
    await wait(pollMilliseconds, undefined, { signal: options.signal });
  }
}

/** Takes a lock that nobody alive holds; undefined where somebody does. */
export async function tryLock(
  path: string,
  about: Pick<LockHolder, 'run' | 'command' | 'since'>,
): Promise<WorkspaceLock | undefined> {
  mkdirSync(dirname(path), { recursive: true });
  const file = new LockFile(path, about);
  const taken = file.take();
  return taken.type === 'taken' ? keep(file, taken) : undefined;
}

/** What there is to say of a lock that is not one. */
export function unreadableLock(path: string): string {
  return `${path} does not say who holds it; it is taken over in ${senselessForMilliseconds / 1000} s unless somebody keeps it fresh`;
}

/** Who holds the lock now, if anyone alive does. */
export function lockHolder(path: string): LockHolder | undefined {
  return holderIn(path);
}

async function keep(file: LockFile, { dead }: Taken): Promise<WorkspaceLock> {
  if (dead !== undefined) await endWhatItLeft(file, dead);
  void flush(file.path).catch(() => undefined);
  guard.holds(file.path);
  const lost = new AbortController();
  const timer = setInterval(() => {
    if (!file.isStillHeld()) lost.abort();
  }, checkMilliseconds);
  timer.unref();
  const release = (): void => {
    clearInterval(timer);
    process.off('exit', atExit);
    guard.leaves(file.path);
    file.remove();
  };
  // While something that was started lives, the lock says whose it is.
  const atExit = (): void => {
    if (guard.idle) release();
  };
  process.once('exit', atExit);
  return { lost: lost.signal, release };
}

/** Its guard does this too, but may not be done yet, or have been killed with it. */
async function endWhatItLeft(file: LockFile, dead: Holder): Promise<void> {
  if (!isOfThisBoot(dead)) return;
  const left = await endMarked(dead.marks);
  if (left.length === 0) return;
  file.remove();
  const message = `run ${dead.run} is dead, but process ${left.join(', ')} that it started lives and cannot be ended`;
  throw new PipelineError([{ message, hint: 'End it, then run again.' }], 1);
}

/** After a power cut the lock says who held it. Nobody waits for that. */
async function flush(path: string): Promise<void> {
  for (const each of [path, dirname(path)]) {
    const handle = await open(each, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}
