import { execFile } from 'node:child_process';
import { failure, type Result, success } from '../../../errors.ts';

/** A controller that does not answer makes Slurm's commands wait; longer than this, nobody should. */
const answerMilliseconds = 60_000;
const outputBytes = 64 << 20;

/** What a command of Slurm printed, or how it failed. */
export type Said =
  | { readonly type: 'done'; readonly stdout: string }
  | { readonly type: 'failed'; readonly text: string }
  | { readonly type: 'missing' };

/** Calls one of Slurm's commands, as the `PATH` finds it. Never rejects. */
export function callSlurm(program: string, args: readonly string[], input = ''): Promise<Said> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { timeout: answerMilliseconds, maxBuffer: outputBytes, encoding: 'utf8', env: ownEnvironment() },
      (error, stdout, stderr) => {
        if (error === null) resolve({ type: 'done', stdout });
        else if (error.code === 'ENOENT') resolve({ type: 'missing' });
        else if (error.killed === true)
          resolve({ type: 'failed', text: `no answer within ${answerMilliseconds / 1000} s` });
        else resolve({ type: 'failed', text: essential(stderr) || error.message });
      },
    );
    // A command that has ended has read what it wanted.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/**
 * The environment without what Slurm has told this process, where it is itself part of a job: jobs inherit it, and are
 * others.
 */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = ['SLURM_CONF', 'SLURM_CLUSTERS'];
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^SLURMD?_/.test(name) || kept.includes(name)),
  );
}

/** `sbatch: error: Batch job submission failed: …`, each line without what is before the error. */
function essential(stderr: string): string {
  return stderr
    .split('\n')
    .map((line) => line.replace(/^\w+: (?:error|fatal): /, '').trim())
    .filter((line) => line !== '')
    .join('; ');
}

/** What of a cluster's settings counts here. */
export interface ClusterSettings {
  readonly name: string;
  readonly maxArraySize: number;
}

const usualMaxArraySize = 1001;

/** Asks the controller for its settings, and by that whether it is there. */
export async function clusterSettings(): Promise<Result<ClusterSettings>> {
  const said = await callSlurm('scontrol', ['show', 'config']);
  if (said.type === 'missing') return failure(noSlurm('scontrol'));
  if (said.type === 'failed') return failure(unreachable(said.text));
  const setting = (name: string): string | undefined =>
    new RegExp(`^${name}\\s*=\\s*(\\S+)`, 'm').exec(said.stdout)?.[1];
  return success({
    name: setting('ClusterName') ?? 'the cluster',
    maxArraySize: Number(setting('MaxArraySize') ?? usualMaxArraySize) || usualMaxArraySize,
  });
}

export function noSlurm(program: string): { message: string; hint: string } {
  return {
    message: `the executor slurm needs Slurm's commands, and there is no ${program} on the PATH`,
    hint: 'Run this where jobs are submitted from, such as a login node; there may be a module to load first.',
  };
}

export function unreachable(text: string): { message: string; hint: string } {
  return {
    message: `Slurm's controller does not answer: ${text}`,
    hint: 'See what it says itself: scontrol ping',
  };
}
