import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { guard } from './guard.ts';
import { endAll, findMarked, groupLives, kill, markedEnvironment } from './mark.ts';

const marks = new WeakMap<ChildProcess, string>();
const endings = new WeakMap<ChildProcess, Promise<readonly number[]>>();

/**
 * Starts a process that leads a group of its own. Neither it nor what it starts outlives this process, whatever ends this
 * one. Whoever sees it end calls `endGroup`.
 */
export function startGroup(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly env: NodeJS.ProcessEnv },
): ChildProcess {
  const { mark, env } = markedEnvironment(options.env);
  const child = guard.start(() => spawn(command, args, { ...options, env, detached: true }));
  marks.set(child, mark);
  return child;
}

/** Sends a signal to a process and to all that it has started and that has not left its group. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended.
  }
}

/**
 * Ends what a process has started and left behind, in its group or out of it. Returns the ids of what lives on in spite of
 * it: of another user, or held by the kernel.
 */
export function endGroup(child: ChildProcess): Promise<readonly number[]> {
  const ending = endings.get(child) ?? end(child);
  endings.set(child, ending);
  return ending;
}

async function end(child: ChildProcess): Promise<readonly number[]> {
  const { pid } = child;
  if (pid === undefined) return [];
  const mark = marks.get(child)!;
  const left = await endAll(() => {
    killGroup(child, 'SIGKILL');
    const found = findMarked(mark, pid);
    for (const id of found) kill(id);
    return found.length === 0 && groupLives(pid) ? [pid] : found;
  });
  guard.ended(pid);
  return left;
}
