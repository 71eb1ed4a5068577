import { constants, cpSync, existsSync, rmSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import type { Manifest } from '../cache/entry.ts';
import { listFiles } from '../cache/local.ts';
import type { CommandUse } from '../config/index.ts';
import { jsonText } from '../config/json-value.ts';
import type { Workspace } from '../workspace.ts';
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

/**
 * Puts the outs of a command stage back where the command leaves them: all of what it made and nothing else. Returns
 * what had been edited and what lay there beside, relative to the workspace.
 */
export async function restoreOuts(
  workspace: Pick<Workspace, 'folder' | 'outs' | 'cache'>,
  stage: string,
  uses: CommandUse,
  manifest: Manifest,
): Promise<{ readonly edited: readonly string[]; readonly strays: readonly string[] }> {
  const { folder, outs, cache } = workspace;
  const edited = await outs.show(stage, manifest, (digest) => cache.path(digest));
  const made = new Set(manifest.files.map(({ name }) => name));
  const strays: string[] = [];
  for (const out of uses.outs) {
    const path = join(folder, out);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) continue;
    const inside = await listFiles(path);
    strays.push(...inside.map((name) => posix.join(out, name)).filter((name) => !made.has(name)));
  }
  for (const name of strays) await rm(join(folder, name));
  return { edited, strays };
}

/** Links are followed: what lies at their end is the out. */
function copy(from: string, to: string): void {
  const mode = constants.COPYFILE_FICLONE;
  cpSync(from, to, { recursive: true, dereference: true, mode, preserveTimestamps: true });
}
