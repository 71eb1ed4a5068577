import { join } from 'node:path';
import { PipelineError } from '../../../errors.ts';
import { tryLock, type WorkspaceLock } from '../../lock.ts';

/** More workers than these on one checkout are hardly meant. */
const slotsAtMost = 256;

/**
 * Takes the first state folder of a checkout that no living worker holds, so that several workers may share a checkout,
 * and one that starts again takes over what the last one had brought and made.
 */
export async function takeState(
  folder: string,
  run: string,
  signal: AbortSignal,
): Promise<{ state: string; lock: WorkspaceLock }> {
  const since = new Date().toISOString();
  for (let slot = 1; slot <= slotsAtMost; slot += 1) {
    const state = join(folder, String(slot));
    signal.throwIfAborted();
    const lock = await tryLock(join(state, 'lock'), { run, command: 'worker', since });
    if (lock !== undefined) return { state, lock };
  }
  throw new PipelineError([{ message: `${slotsAtMost} workers run in this checkout already` }], 2);
}
