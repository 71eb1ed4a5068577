import { Worker } from 'node:worker_threads';
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

// The runner may be killed in a way that tells nobody. A thread of its own watches, since native code may keep the
// main thread busy for minutes. The runner says who it is: by the time the thread looks, its parent may be another.
new Worker(
  `const { workerData: runner } = require('node:worker_threads');
   setInterval(() => { if (process.ppid !== runner) process.kill(-process.pid, 'SIGKILL'); }, 500);`,
  { eval: true, workerData: Number(process.argv[2]) },
).unref();

const abort = new AbortController();
const kept = new KeptPool();
let waiting = false;
process.once('SIGTERM', () => {
  abort.abort(new Error('interrupted'));
  if (waiting) process.exit(1);
});

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
