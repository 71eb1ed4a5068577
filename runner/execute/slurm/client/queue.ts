import { callSlurm } from './slurm-commands.ts';

/** What Slurm says of a job, of a task of an array, or of the tasks of one that have not begun. */
export interface QueuedJob {
  /** The number that sbatch gave; of a task, that of its array. */
  readonly job: string;
  /** The task's number; of several that wait, as Slurm abridges them: `3-9%2`. Absent for single jobs. */
  readonly task?: string;
  /** As Slurm has it: `PENDING`, `RUNNING`, `COMPLETED`, `NODE_FAIL`, …. */
  readonly state: string;
  readonly reason: string;
  readonly node: string;
}

export type QueueAnswer =
  | { readonly type: 'known'; readonly jobs: readonly QueuedJob[] }
  /** Nothing is known of the jobs: Slurm cannot be asked. */
  | { readonly type: 'away'; readonly text: string };

const format = '%F|%K|%T|%N|%r';

/** Asks Slurm about all of these jobs in one call. Jobs that it has forgotten, minutes after their end, are left out. */
export async function askQueue(ids: readonly string[]): Promise<QueueAnswer> {
  const said = await callSlurm('squeue', [
    '--noheader',
    '--states=all',
    `--format=${format}`,
    `--jobs=${ids.join(',')}`,
  ]);
  if (said.type === 'missing') return { type: 'away', text: 'there is no squeue on the PATH' };
  if (said.type === 'done') return { type: 'known', jobs: parseQueue(said.stdout) };
  // Of a single job that it has forgotten, it says that in the place of nothing.
  if (/Invalid job id/i.test(said.text)) return { type: 'known', jobs: [] };
  return { type: 'away', text: said.text };
}

export function parseQueue(text: string): QueuedJob[] {
  return text.split('\n').flatMap((line) => {
    const [job, task, state, node, ...reason] = line.trim().split('|');
    if (reason.length === 0) return [];
    return [{ job, state, node, reason: reason.join('|'), ...(task !== 'N/A' && { task }) }];
  });
}

const ended = new Set([
  'BOOT_FAIL',
  'CANCELLED',
  'COMPLETED',
  'DEADLINE',
  'FAILED',
  'NODE_FAIL',
  'OUT_OF_MEMORY',
  'PREEMPTED',
  'REVOKED',
  'TIMEOUT',
]);

/** Whether more is to come of it. */
export function isAlive({ state }: QueuedJob): boolean {
  return !ended.has(state);
}
