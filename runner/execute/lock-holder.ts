import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { LockHolder } from '../events.ts';
import { ownMarks, statOf } from './processes/mark.ts';

/** Whoever holds a lock, as its file says. */
export interface Holder extends LockHolder {
  /** No other holder has it, of this lock or of another. */
  readonly id: string;
  /** What everything bears that it has started. */
  readonly marks: string;
  readonly process: ProcessIdentity;
}

/** Tells a process from all others: of other hosts, other containers, before a restart, or later with the same number. */
interface ProcessIdentity {
  /** The kernel's own name for the time since the host was started; null where the system gives none. */
  readonly boot: string | null;
  /** Within which numbers of processes are unique: a container has its own. */
  readonly namespace: string | null;
  readonly started: string | null;
}

type About = Pick<LockHolder, 'run' | 'command' | 'since'>;

export function ownHolder(about: About, id: string): Holder {
  return {
    ...about,
    id,
    marks: ownMarks,
    pid: process.pid,
    host: hostname(),
    process: { ...here(), started: startOf(process.pid) },
  };
}

/** Undefined for anything else than what a holder wrote, whole. */
export function parseHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder | null;
    const { id, run, command, since, marks, pid, host } = holder ?? ({} as Partial<Holder>);
    const isWhole =
      [id, run, command, since, marks, host].every((value) => typeof value === 'string') &&
      Number.isInteger(pid) &&
      typeof holder?.process === 'object';
    return isWhole ? holder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the process of a holder lives; undefined where it cannot be seen from here, so that only its heartbeat can
 * tell. One that is stopped lives.
 */
export function isAlive({ pid, host, process: its }: Holder): boolean | undefined {
  const { boot, namespace } = here();
  // Where the kernel gives no names, those of the host must do.
  const seen = boot === null ? host === hostname() && its.boot === null : its.boot === boot;
  // Another start of this very host: its kernel's name is another, and so is that of any other host.
  if (!seen || its.namespace !== namespace) return undefined;
  const started = startOf(pid);
  if (started === null) return exists(pid);
  return started !== 'ended' && (its.started === null || started === its.started);
}

/** Whether a holder ran under the kernel that runs here, so that what it has started may be seen here. */
export function isOfThisBoot({ process: its }: Holder): boolean {
  const { boot, namespace } = here();
  return boot !== null && its.boot === boot && its.namespace === namespace;
}

let where: Pick<ProcessIdentity, 'boot' | 'namespace'> | undefined;

function here(): Pick<ProcessIdentity, 'boot' | 'namespace'> {
  where ??= {
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
  };
  return where;
}

/** When a process started, as its system counts; `ended` for one that is no more; null where nobody can say. */
function startOf(pid: number): string | null {
  const [state, ...rest] = statOf(pid);
  if (state !== undefined) return state === 'Z' || state === 'X' ? 'ended' : (rest[18] ?? null);
  if (here().boot !== null) return exists(pid) ? null : 'ended';
  const text = attempt(() =>
    execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim(),
  );
  return text === '' ? null : text;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function attempt(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
