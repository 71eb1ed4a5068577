import { Worker } from 'node:worker_threads';
import { executeJob } from './execute-job.ts';
import type { Job, JobMessage } from './job.ts';

/**
 * The entry of a stage's process: takes one job over IPC, runs it, says how it went and ends. Whatever it writes lies
 * in the job's own folders; the runner decides what becomes of it.
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
process.once('SIGTERM', () => {
  abort.abort(new Error('interrupted'));
});

process.once('message', (job: Job) => {
  void executeJob(job, send, abort.signal).then((message) => {
    process.send?.(message, () => {
      process.disconnect();
      // Writing to a pipe does not wait: what the stage printed last must be out before the process is.
      process.stdout.write('', () => {
        process.stderr.write('', () => {
          process.exit(message.type === 'done' ? 0 : 1);
        });
      });
    });
  });
});

// Every kind's code needs it: a process that waits for its job has it by then.
void import('zod');
