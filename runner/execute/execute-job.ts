import { pathToFileURL } from 'node:url';
import { createOutput, openInputArtifact } from '../artifact/index.ts';
import type { InputArtifact, Kind, RunKind, StageContext } from '../kind/index.ts';
import { failureOf } from './failure.ts';
import type { KeptPool } from './kept-pool.ts';
import type { Job, JobArtifact, JobMessage } from './job.ts';
import { SetupFailure } from './row-pool.ts';
import { RowFailures, runRows } from './rows.ts';

/** Does a job in this process and says how it went; never rejects. `kept` holds what jobs leave to those after them. */
export async function executeJob(
  job: Job,
  kept: KeptPool,
  send: (message: JobMessage) => void,
  signal: AbortSignal,
): Promise<Extract<JobMessage, { type: 'done' | 'failed' }>> {
  // For the stage's code, whose bugs are shown; the map of the runner's own would cost each stage its time.
  process.setSourceMapsEnabled(true);
  try {
    const { default: kind } = (await import(pathToFileURL(job.bundle).href)) as { default: Kind };
    if (kind.type !== 'run')
      return { type: 'done', measurements: {}, ...(await runRows(job, kind, kept, send, signal)) };
    return { type: 'done', changed: [], ...(await runWhole(job, kind, send, signal)) };
  } catch (error) {
    if (error instanceof RowFailures) return { type: 'failed', failures: error.failures };
    const failure = error instanceof SetupFailure ? error.failure : failureOf(error);
    return { type: 'failed', failures: [failure] };
  }
}

async function runWhole(
  job: Job,
  kind: RunKind,
  send: (message: JobMessage) => void,
  signal: AbortSignal,
): Promise<{ measurements: Readonly<Record<string, number>>; contents: Readonly<Record<string, string>> }> {
  const inputs = Object.fromEntries(
    Object.entries(job.inputs).map(([name, artifacts]) => [name, artifacts.map(openArtifact)]),
  );
  const output = createOutput(job.output, { metadata: job.metadata });
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
    signal,
  };
  const implementation = await kind.load();
  await implementation.run(context);
  return output.close();
}

function openArtifact({ stage, files, measurements }: JobArtifact): InputArtifact {
  return openInputArtifact({ stage, files: new Map(Object.entries(files)), measurements });
}
