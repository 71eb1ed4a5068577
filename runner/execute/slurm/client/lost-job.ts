import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { JobFailure } from '../../job.ts';
import type { QueuedJob } from './queue.ts';

const tailBytes = 16 << 10;
const tailLines = 20;

/** How a job's script says that its node does not see a file. */
export const unseenWords = 'does not see';

const keptRows = 'Rows that are finished are kept: run again.';

/**
 * Why a job ended that told of no failure itself.
 *
 * @param job.printed its last lines; none of one that the node could not even open a log for.
 * @param job.workspace the folder that nodes must see.
 */
export function lostJob(
  queued: QueuedJob,
  { printed, workspace }: { readonly printed: readonly string[]; readonly workspace: string },
): JobFailure {
  const { job, task, state, reason, node } = queued;
  const name = `its job ${job}${task === undefined ? '' : `_${task}`}`;
  const where = node === '' ? '' : ` on ${node}`;
  // A script that is killed counts as one that could not be started, too.
  if (printed.length === 0 && /JobLaunchFailure|launch failed/.test(reason)) {
    return {
      message: `${name} could not be started${where}`,
      hint: `The node must see ${workspace} under that path, and your user must be allowed to write there.`,
    };
  }
  const unseen = printed.find((line) => line.includes(unseenWords));
  if (unseen !== undefined) {
    return {
      message: unseen,
      hint: 'All nodes must see the workspace and the product under the same paths.',
    };
  }
  switch (state) {
    case 'OUT_OF_MEMORY':
      return {
        message: `${name} ran out of memory${where}`,
        hint: 'Give the stage more: "resources: {memory: 16GB}".',
      };
    case 'TIMEOUT':
      return {
        message: `${name} reached its time limit${where}`,
        hint: 'Give it longer, by the stage\'s "timeout:" or by --sbatch-option time=…',
      };
    case 'CANCELLED':
      return { message: `${name} was cancelled`, hint: keptRows };
    case 'NODE_FAIL':
      return { message: `${name} was lost with its node${where}, and not queued again`, hint: keptRows };
    case 'FAILED':
      return {
        message: `${name} ended${where} without saying why`,
        hint: `Slurm may know more: scontrol show job ${job}`,
      };
    default:
      return { message: `Slurm ended ${name}${where}: ${state} (${reason})`, hint: keptRows };
  }
}

/** A job that is neither in the queue nor has left a result. */
export function forgottenJob(job: string): JobFailure {
  return {
    message: `Slurm knows of its job ${job} no more, and it has left no result`,
    hint: keptRows,
  };
}

/** The last lines of a file; none where it cannot be read. */
export function lastLines(path: string): string[] {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, tailBytes));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes
      .toString('utf8')
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '')
      .slice(-tailLines);
  } finally {
    closeSync(file);
  }
}
