import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * The environment variable that marks all that a run starts, and what these start in turn: a process may leave its group
 * or lose its parent, but it keeps its environment. One mark a process that was started, behind those of a run around this
 * one, e.g. `6d3f0c.1;` of a run whose stages are runs themselves: `6d3f0c.1;a09b77.4;`.
 */
const markVariable = 'PIPELINE_RUN';

/** What all marks of this process begin with. */
export const ownMarks = `${randomBytes(8).toString('hex')}.`;

let given = 0;

/** A mark of its own for a process that is about to start, and the environment that bears it. */
export function markedEnvironment(env: NodeJS.ProcessEnv): { mark: string; env: NodeJS.ProcessEnv } {
  given += 1;
  const mark = `${ownMarks}${given};`;
  return { mark, env: { ...env, [markVariable]: `${process.env[markVariable] ?? ''}${mark}` } };
}

/**
 * Ids of living processes that bear a mark, where /proc tells it and they are ours to end.
 *
 * @param since the id of a process that is older than all that are looked for
 */
export function findMarked(mark: string, since = 0): number[] {
  const first = idsGrewSince(since) ? since : 0;
  return processIds().filter(
    (id) => id >= first && id !== process.pid && readProc(id, 'environ').includes(mark),
  );
}

/** Whether a process of a group lives: one that has ended and that nobody has asked about still counts as its member. */
export function groupLives(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const ids = processIds();
  return ids.length === 0 || ids.some((id) => isMember(id, group));
}

/** Ends all that bear a mark. Returns the ids of those that live on in spite of it: of another user, or held by the kernel. */
export async function endMarked(mark: string): Promise<number[]> {
  return endAll(() => {
    const found = findMarked(mark);
    for (const id of found) kill(id);
    return found;
  });
}

/** Asks again, some seconds long, for those that have not ended yet. */
export async function endAll(killRest: () => number[]): Promise<number[]> {
  for (let round = 0; ; round += 1) {
    const rest = killRest();
    if (rest.length === 0 || round === 60) return rest;
    await wait(round < 10 ? 5 : 100);
  }
}

export function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended, or is not ours to end.
  }
}

function isMember(id: number, group: number): boolean {
  const [state, , its] = statOf(id);
  return Number(its) === group && state !== 'Z' && state !== 'X';
}

/** What /proc says of a process from its state on: state, parent, group, …; nothing of one that has ended. */
export function statOf(id: number): string[] {
  const text = readProc(id, 'stat');
  // The name in parentheses may hold spaces and parentheses.
  return text === '' ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** Whether all processes that are younger than one have higher ids: where ids are many, and have not begun anew since. */
function idsGrewSince(id: number): boolean {
  try {
    const last = readFileSync('/proc/loadavg', 'utf8').trim().split(' ').at(-1);
    return Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8')) > 1_000_000 && Number(last) >= id;
  } catch {
    return false;
  }
}

function readProc(id: number, file: string): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
