import type { RemoteRecord } from '../../../record/runs.ts';
import { askQueue, isAlive } from './queue.ts';

/**
 * What became of submissions that a run detached from, by name: `3 running, 12 waiting`, `over`. Empty where Slurm cannot
 * be asked.
 */
export async function statusOfDetached(
  record: Extract<RemoteRecord, { executor: 'slurm' }>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { id, jobs, state } of record.submissions) {
    if (state !== 'detached') continue;
    const answer = await askQueue(jobs);
    if (answer.type === 'away') return found;
    const alive = answer.jobs.filter(isAlive);
    const waiting = alive.filter((job) => job.state === 'PENDING').length;
    const running = alive.length - waiting;
    const counts = [running > 0 ? `${running} running` : '', waiting > 0 ? `${waiting} waiting` : ''];
    found.set(id, alive.length === 0 ? 'over' : counts.filter((text) => text !== '').join(', '));
  }
  return found;
}
