import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Site } from '../../distributed/worker/site.ts';
import { acquireLock } from '../../lock.ts';

/**
 * Brings artifacts to the folder that jobs share, one job each: the tasks of an array begin together and take in the
 * same tables.
 */
export async function bringInputs(
  { workspace }: Site,
  scratch: string,
  inputs: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  for (const key of new Set(Object.values(inputs))) {
    const lock = await acquireLock(
      join(scratch, 'bringing', key),
      { run: randomBytes(8).toString('hex'), command: 'slurm-task', since: new Date().toISOString() },
      { signal, onWait: () => undefined },
    );
    try {
      await workspace.cache.lookup(key);
    } finally {
      lock.release();
    }
  }
}
