import { mkdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { PipelineError } from '../../../errors.ts';
import { RunRecords } from '../../../record/runs.ts';
import { failureOf } from '../../failure.ts';
import { Refusal } from '../../distributed/worker/refusal.ts';
import { openSite, type Site } from '../../distributed/worker/site.ts';
import { StageFailed } from '../../distributed/worker/stage-failed.ts';
import type { FailureDetails } from '../../distributed/tasks.ts';
import {
  type FailedAttempt,
  Submission,
  type Submitted,
  type SubmittedStage,
  wholeStage,
} from '../submission.ts';
import { eventually } from '../eventually.ts';
import { bringInputs } from './bring-inputs.ts';
import { type Part, partOf } from './part.ts';
import { ProgressFile } from './progress-file.ts';

export interface TaskOptions {
  /** The workspace: where pipeline.yaml and stages/ lie. */
  readonly folder: string;
  readonly home: string;
  /** The folder of the submission. */
  readonly submission: string;
  readonly stage: string;
  /** Whether it is to compute rows, as a task of an array. */
  readonly rows: boolean;
  /** Slurm's variables tell which job and task this is, and what it may use. */
  readonly env: NodeJS.ProcessEnv;
  /** Aborted where the job is to end; by a `TimeLimitReached` where that is for its time limit. */
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
}

const timeLimit = [
  "it has reached its job's time limit",
  'Give it longer, by the stage\'s "timeout:" or by --sbatch-option time=…; rows that are finished are kept.',
] as const;
const sameCode = 'It was edited after the jobs were submitted: run again.';

/** Why a job is told to end that nobody cancelled. */
export class TimeLimitReached extends Error {
  override readonly name = 'TimeLimitReached';
}

/**
 * Does what one job of a stage is for, on its node, and tells how it went in the submission's folder. False where it
 * failed or was told to stop.
 */
export async function performTask(options: TaskOptions): Promise<boolean> {
  const { submission: folder, stage: name, rows, env, signal, log } = options;
  const submission = new Submission(folder);
  const submitted = submission.read();
  const stage = submitted?.stages.find((other) => other.name === name);
  if (submitted === undefined || stage === undefined) {
    const message = `${folder} does not say what is to be done for ${name}`;
    throw new PipelineError(
      [{ message, hint: 'It was removed while jobs were in the queue: run again.' }],
      1,
    );
  }
  const label = rows ? (env.SLURM_ARRAY_TASK_ID ?? '0') : wholeStage;
  if (label !== wholeStage && hasFailed(submission, stage)) {
    log('another part of the stage has failed');
    return false;
  }
  const job = (rows ? env.SLURM_ARRAY_JOB_ID : env.SLURM_JOB_ID) ?? String(process.pid);
  const identity = `job ${job}${label === wholeStage ? '' : `_${label}`} on ${env.SLURMD_NODENAME ?? hostname()}`;
  const tell = async (attempt: number, retrying: boolean, error: unknown): Promise<void> => {
    const failure = {
      ...detailsOf(stage, identity, error),
      attempt,
      retrying,
      log: submission.logOf(stage, label),
    };
    await submission.writeFailure(stage, label, failure);
    log(`failed: ${failure.failures[0]?.message ?? ''}`);
  };
  // Of the job and not of this attempt: a requeued training finds its checkpoints.
  const state = join(submitted.scratch, 'jobs', label === wholeStage ? job : `${job}_${label}`);
  const progress = new ProgressFile(submission, stage, label);
  try {
    await mkdir(state, { recursive: true });
    const opened = await openSite({
      ...options,
      cache: submitted.cache,
      state,
      objects: submitted.scratch,
      identity,
      run: `job-${job}-${label}-${env.SLURM_RESTART_COUNT ?? '0'}`,
      threads: threadsOf(env),
      sameCode,
    });
    const runs = new JobLog(submission.logOf(stage, label));
    const site = { ...opened, workspace: { ...opened.workspace, runs } };
    log(`${identity}: ${name}`);
    const part: Part = {
      submission,
      submitted,
      stage,
      label,
      inputs: await inputsOf(submission, submitted, stage, signal),
    };
    await bringInputs(site, submitted.scratch, part.inputs, signal);
    return await attempts(site, part, progress, tell, signal);
  } catch (error) {
    if (!signal.aborted || signal.reason instanceof TimeLimitReached) await tell(1, false, error);
    return false;
  } finally {
    await progress.close();
    if (!signal.aborted) await rm(state, { recursive: true, force: true });
  }
}

/** What a stage prints goes where Slurm writes what its job prints. */
class JobLog extends RunRecords {
  readonly #path: string;

  constructor(path: string) {
    super(dirname(path));
    this.#path = path;
  }

  override logPath(): string {
    return this.#path;
  }
}

/** The stage's own failures are tried again as often as it says; what is wrong beside it is not. */
async function attempts(
  site: Site,
  part: Part,
  progress: ProgressFile,
  tell: (attempt: number, retrying: boolean, error: unknown) => Promise<void>,
  signal: AbortSignal,
): Promise<boolean> {
  const started = performance.now();
  const scope = {
    signal,
    progress: (now: Parameters<ProgressFile['note']>[0]) => {
      progress.note(now);
    },
  };
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await partOf(site, part, scope);
        site.log(`done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
        return true;
      } catch (error) {
        if (signal.reason instanceof TimeLimitReached) throw new Refusal(...timeLimit);
        if (signal.aborted) {
          site.log('told to stop; what is finished of its rows is kept');
          return false;
        }
        const retrying = error instanceof StageFailed && attempt <= part.stage.retries;
        await tell(attempt, retrying, error);
        if (!retrying) return false;
      }
    }
  } finally {
    site.workspace.executor.dismiss();
    site.shared.close();
  }
}

function hasFailed(submission: Submission, stage: SubmittedStage): boolean {
  return submission
    .names(stage)
    .filter((name) => name.startsWith('failed-'))
    .some((name) => submission.document<FailedAttempt>(stage, name)?.retrying === false);
}

/** Keys of what the stage takes in: of what was there before, or as the jobs that made it tell. */
async function inputsOf(
  submission: Submission,
  submitted: Submitted,
  stage: SubmittedStage,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const inputs: Record<string, string> = {};
  for (const name of stage.needs) {
    const from = submitted.stages.find((other) => other.name === name);
    const key =
      submitted.given[name] ?? (from && (await eventually(() => submission.result(from)?.key, signal)));
    if (key === undefined) throw new Error(`nothing tells of what ${name} has made`);
    inputs[name] = key;
  }
  return inputs;
}

function detailsOf(stage: SubmittedStage, worker: string, error: unknown): FailureDetails {
  const details = { stage: stage.name, worker };
  if (error instanceof StageFailed) return { ...details, failures: error.failures, output: error.output };
  if (error instanceof Refusal) return { ...details, failures: [error.failure], output: [] };
  if (error instanceof PipelineError) {
    const failures = error.problems.map(({ message, hint }) => ({
      message,
      ...(hint !== undefined && { hint }),
    }));
    return { ...details, failures, output: [] };
  }
  return { ...details, failures: [failureOf(error)], output: [] };
}

/** What Slurm gave the job; of whole nodes, which are asked for without a number, all there is. */
function threadsOf(env: NodeJS.ProcessEnv): number {
  return Math.max(1, Number(env.SLURM_CPUS_PER_TASK ?? env.SLURM_CPUS_ON_NODE ?? 1) || 1);
}
