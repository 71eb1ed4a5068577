import { acquireLock, unreadableLock } from '../execute/lock.ts';
import { newRunId } from '../record/runs.ts';
import type { Workspace } from '../workspace.ts';
import type { Terminal } from './context.ts';

/** Does something to the store that no run may be at work on meanwhile. */
export async function withLock<T>(
  workspace: Workspace,
  command: string,
  terminal: Terminal,
  work: () => Promise<T>,
): Promise<T> {
  const now = new Date();
  const lock = await acquireLock(
    workspace.lockPath,
    { run: newRunId(now), command, since: now.toISOString() },
    {
      signal: terminal.signal,
      onWait: ({ run, pid, host }) => {
        terminal.stderr(`waiting for run ${run} of process ${pid} on ${host}\n`);
      },
      onUnreadable: () => {
        terminal.stderr(`${unreadableLock(workspace.lockPath)}\n`);
      },
    },
  );
  try {
    return await work();
  } finally {
    lock.release();
  }
}
