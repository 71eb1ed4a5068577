import { join } from 'node:path';
import { PipelineError, type Problem } from '../../../errors.ts';
import type { StageInstance } from '../../../config/index.ts';
import { type StageJobs, type Submission, type Submitted, type SubmittedStage } from '../submission.ts';
import { type BatchJob, batchScript, type JobSettings, sbatchArguments } from './batch-job.ts';
import { callSlurm, noSlurm } from './slurm-commands.ts';

export interface SubmitOptions {
  readonly submission: Submission;
  readonly submitted: Submitted;
  readonly instances: ReadonlyMap<string, StageInstance>;
  readonly settings: JobSettings;
  readonly workspace: string;
  readonly home: string;
  readonly signal: AbortSignal;
}

/**
 * Submits the jobs of a submission that have not been, each after those whose results it takes, and writes down each as
 * soon as it has a number.
 *
 * @throws PipelineError where Slurm refuses one; what was submitted is cancelled then.
 */
export async function submitJobs(options: SubmitOptions): Promise<Map<string, StageJobs>> {
  const { submission, submitted, signal } = options;
  const jobs = submission.readJobs();
  try {
    for (const stage of submitted.stages) {
      if (jobs.has(stage.name)) continue;
      signal.throwIfAborted();
      const after = stage.needs.flatMap((name) => jobs.get(name)?.final ?? []);
      const array = stage.tasks === undefined ? undefined : await submit(options, stage, 'rows', after);
      const final = await submit(options, stage, 'stage', array === undefined ? after : [array]);
      jobs.set(stage.name, { final, ...(array !== undefined && { array }) });
      await submission.writeJobs(jobs);
    }
    return jobs;
  } catch (error) {
    await cancelJobs(idsOf(jobs.values()));
    throw error;
  }
}

/** All numbers of some stages' jobs. */
export function idsOf(jobs: Iterable<StageJobs>): string[] {
  return [...jobs].flatMap(({ array, final }) => (array === undefined ? [final] : [array, final]));
}

/** Gives what went wrong, if anything did. Jobs that have ended already are none of it. */
export async function cancelJobs(ids: readonly string[]): Promise<string | undefined> {
  if (ids.length === 0) return undefined;
  const said = await callSlurm('scancel', ['--quiet', ...ids]);
  if (said.type === 'done') return undefined;
  return said.type === 'missing' ? 'there is no scancel on the PATH' : said.text;
}

async function submit(
  options: SubmitOptions,
  stage: SubmittedStage,
  part: 'rows' | 'stage',
  after: readonly string[],
): Promise<string> {
  const { submission, instances, settings, workspace, home } = options;
  const { resources, timeoutSeconds, retries } = instances.get(stage.name)!;
  const job: BatchJob = {
    name: part === 'rows' ? `${stage.name}.rows` : stage.name,
    workspace,
    resources,
    timeoutSeconds,
    retries,
    log: submission.logPattern(stage, part),
    after,
    ...(part === 'rows' && stage.tasks !== undefined && { tasks: stage.tasks }),
  };
  const script = batchScript({
    node: process.execPath,
    launcher: join(home, 'scripts', 'launch.mjs'),
    workspace,
    submission: submission.folder,
    stage: stage.name,
    rows: part === 'rows',
  });
  const args = sbatchArguments(job, settings);
  const said = await callSlurm('sbatch', args, script);
  if (said.type === 'missing') throw new PipelineError([noSlurm('sbatch')], 2);
  if (said.type === 'failed') throw new PipelineError([refusal(stage.name, said.text)], 1);
  // `12`, or `12;cluster` where there are several; a site's own sbatch may print more before it.
  const number = /^(\d+)(?:;.*)?$/m.exec(said.stdout)?.[1];
  if (number !== undefined) return number;
  throw new PipelineError(
    [refusal(stage.name, `sbatch gave no number of a job but: ${said.stdout.trim()}`)],
    1,
  );
}

const waysOut: readonly (readonly [RegExp, string])[] = [
  [
    /policy|max\w*submit/i,
    'Your limits allow no more, or none so large: ask for fewer tasks with --array-tasks, or wait for other jobs.',
  ],
  [/account|association/i, 'Name yours with --account; there are: sacctmgr show associations user=$USER'],
  [/partition/i, 'Name another that is yours to use with --partition; there are: sinfo --summarize'],
  [/qos/i, 'Name one with --qos; there are: sacctmgr show qos'],
  [
    /node configuration|memory specification|cpu count|gres/i,
    'No node has what the stage asks for under "resources:"; there are: sinfo --Node --long',
  ],
  [/array/i, 'Ask for fewer tasks with --array-tasks.'],
  [/time limit/i, 'Give the stage a shorter "timeout:", or name another limit with --sbatch-option time=…'],
];

/** Slurm's own words, and where they are known a way out. */
export function refusal(stage: string, text: string): Problem {
  const hint = waysOut.find(([words]) => words.test(text))?.[1] ?? 'See what it says itself: sinfo, squeue';
  return { message: `Slurm refuses the job of ${stage}: ${text}`, stage, hint };
}
