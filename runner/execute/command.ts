import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { ArtifactShape } from '../cache/entry.ts';
import type { CommandUse } from '../config/index.ts';
import { jsonText } from '../config/json-value.ts';
import { clearOuts, keepOuts, type OutLedger } from '../outs/index.ts';
import { failureOf } from './failure.ts';
import { startGroup } from './processes/group.ts';
import { shellFor } from './shell.ts';
import { type JobEnd, type ProcessOptions, supervise } from './stage-process.ts';

export interface CommandJob {
  readonly stage: string;
  readonly uses: CommandUse;
  /** Folders of the inputs below `artifacts/`, by input name. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  readonly output: string;
  readonly threads: number;
  readonly ledger: OutLedger;
  readonly run: string;
}

export interface CommandEnd extends JobEnd {
  /** What of its outs is more than bytes; where it is done. */
  readonly shape?: ArtifactShape;
}

/**
 * Runs a command stage in a shell, in the workspace. It learns what it needs from the environment: `PIPELINE_STAGE`,
 * `PIPELINE_PARAMS` and `PIPELINE_INPUTS` (JSON), `PIPELINE_THREADS`. What it must make are its `outs`; they are
 * removed before it starts, so that one it forgets to write is noticed.
 */
export async function runCommand(job: CommandJob, options: ProcessOptions): Promise<CommandEnd> {
  const { uses, ledger } = job;
  await clearOuts(ledger, uses.outs);
  await ledger.begin(uses.outs, job.run);
  // Whatever becomes of it, what it has written by then is its own.
  const { how, lastLines } = await runIn(job, options).finally(() => ledger.end(uses.outs));
  if (how.type === 'interrupted') return { end: how, lastLines };
  if (how.type === 'failed') return { end: { type: 'failed', failures: [how.failure] }, lastLines };
  const missing = uses.outs.filter((out) => !stands(join(options.cwd, out)));
  if (missing.length > 0) {
    const message = `it ended with code 0 but did not make ${missing.join(', ')}`;
    const hint = 'Let the command write its outs, or correct "outs:" in pipeline.yaml.';
    return { end: { type: 'failed', failures: [{ message, hint }] }, lastLines };
  }
  try {
    const shape = await keepOuts(options.cwd, uses.outs, job.output);
    const message = { type: 'done', measurements: {}, contents: {}, changed: [] } as const;
    return { end: { type: 'done', message }, lastLines, shape };
  } catch (error) {
    return { end: { type: 'failed', failures: [failureOf(error)] }, lastLines };
  }
}

function stands(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

async function runIn(job: CommandJob, options: ProcessOptions): ReturnType<typeof supervise> {
  const [shell, ...args] = await shellFor(job.uses.shell);
  const child = startGroup(shell, [...args, job.uses.command], {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...options.env,
      PIPELINE_STAGE: job.stage,
      PIPELINE_PARAMS: jsonText(job.uses.params),
      PIPELINE_INPUTS: JSON.stringify(job.inputs),
      PIPELINE_THREADS: String(job.threads),
    },
  });
  return supervise(child, options);
}
