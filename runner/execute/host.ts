import { Worker } from 'node:worker_threads';
import { pathToFileURL } from 'node:url';
import { createOutput, openInputArtifact } from '../artifact/index.ts';
import type { InputArtifact, Kind, RunKind, StageContext } from '../kind/index.ts';
import { failureOf } from './failure.ts';
import type { Job, JobArtifact, JobMessage } from './job.ts';
import { SetupFailure } from './row-pool.ts';
import { RowFailures, runRows } from './rows.ts';

/**
 * The entry of a stage's process: takes one job over IPC, runs it, says how it went and ends. Whatever it writes lies
 * in the job's own folders; the runner decides what becomes of it.
 */
const send = (message: JobMessage): void => {
  process.send?.(message);
};

// The runner may be killed in a way that tells nobody. A thread of its own watches, since native code may keep the
// main thread busy for minutes.
new Worker(
  `const parent = process.ppid;
   setInterval(() => { if (process.ppid !== parent) process.kill(-process.pid, 'SIGKILL'); }, 500);`,
  { eval: true },
).unref();

process.once('message', (job: Job) => {
  void run(job).then((message) => {
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

async function run(job: Job): Promise<JobMessage> {
  try {
    const { default: kind } = (await import(pathToFileURL(job.bundle).href)) as { default: Kind };
    if (kind.type !== 'run') return { type: 'done', measurements: {}, ...(await runRows(job, kind, send)) };
    return { type: 'done', changed: [], ...(await runWhole(job, kind)) };
  } catch (error) {
    if (error instanceof RowFailures) return { type: 'failed', failures: error.failures, more: error.more };
    const failure = error instanceof SetupFailure ? error.failure : failureOf(error);
    return { type: 'failed', failures: [failure], more: 0 };
  }
}

async function runWhole(
  job: Job,
  kind: RunKind,
): Promise<{ measurements: Readonly<Record<string, number>>; contents: Readonly<Record<string, string>> }> {
  const inputs = Object.fromEntries(
    Object.entries(job.inputs).map(([name, artifacts]) => [name, artifacts.map(openArtifact)]),
  );
  const output = createOutput(job.output, { metadata: job.metadata });
  const abort = new AbortController();
  process.once('SIGTERM', () => {
    abort.abort();
  });
  const context: StageContext<Record<string, unknown>> = {
    params: job.params,
    inputs,
    input(name) {
      const artifact = inputs[name]?.[0];
      if (artifact === undefined) throw new Error(`the stage was given no input "${name}"`);
      return artifact;
    },
    output,
    threads: job.threads,
    checkpoints: job.checkpoints,
    progress: (progress) => {
      send({ type: 'progress', ...progress });
    },
    warn: (message) => {
      send({ type: 'warning', message });
    },
    signal: abort.signal,
  };
  const implementation = await kind.load();
  await implementation.run(context);
  return output.close();
}

function openArtifact({ stage, files, measurements }: JobArtifact): InputArtifact {
  return openInputArtifact({ stage, files: new Map(Object.entries(files)), measurements });
}
