import { executeJob } from './execute-job.ts';
import { KeptPool } from './kept-pool.ts';
import type { Job, JobMessage } from './job.ts';

/**
 * The entry of a stage's process: takes one job over IPC, runs it, says how it went and ends; or stays for another one
 * of the same stage, where the job says so. Whatever it writes lies in the job's own folders; the runner decides what
 * becomes of it.
 */
const send = (message: JobMessage): void => {
  process.send?.(message);
};

const abort = new AbortController();
const kept = new KeptPool();
let waiting = false;
process.once('SIGTERM', () => {
  abort.abort(new Error('interrupted'));
  if (waiting) process.exit(1);
});

// The guard of the runner ends this process where the runner is killed; where both are, it does so itself.
function orphaned(): void {
  process.kill(-process.pid, 'SIGKILL');
}
process.once('disconnect', orphaned);

process.on('message', (job: Job) => {
  waiting = false;
  void perform(job);
});

async function perform(job: Job): Promise<void> {
  const message = await executeJob(job, kept, send, abort.signal);
  if (job.stay === true && message.type === 'done' && !abort.signal.aborted) {
    waiting = true;
    // The runner ends its part of the log when it is told.
    await printed();
    send(message);
    return;
  }
  // What a failed job has left open: there is no next one. How closing goes changes nothing.
  await kept.close().catch(() => undefined);
  process.send?.(message, () => {
    process.off('disconnect', orphaned);
    process.disconnect();
    void printed().then(() => process.exit(message.type === 'done' ? 0 : 1));
  });
}

/** Writing to a pipe does not wait: what the stage printed last must be out before the process is. */
function printed(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => {
      process.stderr.write('', () => {
        resolve();
      });
    });
  });
}

// Every kind's code needs it: a process that waits for its job has it by then.
void import('zod');
