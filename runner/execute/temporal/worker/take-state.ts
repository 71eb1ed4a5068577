import { join } from 'node:path';
import { PipelineError } from '../../../errors.ts';
import { acquireLock, lockHolder, type WorkspaceLock } from '../../lock.ts';

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
    const path = join(state, 'lock');
    if (lockHolder(path) !== undefined) continue;
    // Another that starts at the same moment may be faster: then the next folder is ours.
    const turnedAway = new AbortController();
    const either = AbortSignal.any([signal, turnedAway.signal]);
    try {
      const lock = await acquireLock(
        path,
        { run, command: 'worker', since },
        {
          signal: either,
          onWait: () => {
            turnedAway.abort();
          },
        },
      );
      return { state, lock };
    } catch (error) {
      if (!turnedAway.signal.aborted) throw error;
    }
  }
  throw new PipelineError([{ message: `${slotsAtMost} workers run in this checkout already` }], 2);
}
