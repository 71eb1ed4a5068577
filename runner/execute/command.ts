import { spawn } from 'node:child_process';
import { constants, cpSync, existsSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CommandUse } from '../config/index.ts';
import { type JobEnd, type ProcessOptions, supervise } from './stage-process.ts';

export interface CommandJob {
  readonly stage: string;
  readonly uses: CommandUse;
  /** Folders of the inputs below `artifacts/`, by input name. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  readonly output: string;
  readonly threads: number;
}

/**
 * Runs a command stage in a shell, in the workspace. It learns what it needs from the environment: `PIPELINE_STAGE`,
 * `PIPELINE_PARAMS` and `PIPELINE_INPUTS` (JSON), `PIPELINE_THREADS`. What it must make are its `outs`; they are
 * removed before it starts, so that one it forgets to write is noticed.
 */
export async function runCommand(job: CommandJob, options: ProcessOptions): Promise<JobEnd> {
  for (const out of job.uses.outs) {
    rmSync(join(options.cwd, out), { recursive: true, force: true });
    await mkdir(dirname(join(options.cwd, out)), { recursive: true });
  }
  const child = spawn(job.uses.command, {
    cwd: options.cwd,
    shell: true,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...options.env,
      PIPELINE_STAGE: job.stage,
      PIPELINE_PARAMS: JSON.stringify(job.uses.params),
      PIPELINE_INPUTS: JSON.stringify(job.inputs),
      PIPELINE_THREADS: String(job.threads),
    },
  });
  const { how, lastLines } = await supervise(child, options);
  if (how.type === 'interrupted') return { end: how, lastLines };
  if (how.type === 'failed') return { end: { type: 'failed', failures: [how.failure] }, lastLines };
  const missing = job.uses.outs.filter((out) => !existsSync(join(options.cwd, out)));
  if (missing.length > 0) {
    const message = `it ended with code 0 but did not make ${missing.join(', ')}`;
    const hint = 'Let the command write its outs, or correct "outs:" in pipeline.yaml.';
    return { end: { type: 'failed', failures: [{ message, hint }] }, lastLines };
  }
  for (const out of job.uses.outs) copy(join(options.cwd, out), join(job.output, out));
  return {
    end: { type: 'done', message: { type: 'done', measurements: {}, contents: {}, changed: [] } },
    lastLines,
  };
}

/** Puts the outs of a cached command stage back where the command would have left them. */
export function restoreOuts(uses: CommandUse, from: string, workspace: string): void {
  for (const out of uses.outs) copy(join(from, out), join(workspace, out));
}

function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE, preserveTimestamps: true });
}
