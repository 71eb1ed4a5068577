import type { Resources } from '../../../config/index.ts';
import { unseenWords } from './lost-job.ts';

/** What of the command line goes to every job. */
export interface JobSettings {
  readonly partition: string | undefined;
  readonly account: string | undefined;
  readonly qos: string | undefined;
  /** Further options of sbatch, with or without their dashes. */
  readonly options: readonly string[];
  /** Tasks of an array that may run at once. */
  readonly arrayLimit: number | undefined;
}

export interface BatchJob {
  readonly name: string;
  readonly workspace: string;
  readonly resources: Resources;
  readonly timeoutSeconds: number | undefined;
  readonly retries: number;
  /** Where Slurm writes what the job prints, in its notation. */
  readonly log: string;
  /** Ids of the jobs that must have succeeded. */
  readonly after: readonly string[];
  /** Tasks of an array; undefined for a single job. */
  readonly tasks?: number;
}

/** So long before its time limit a job is told, to send the rows it has finished. */
const warningSeconds = 30;
/** Beside the stage itself, the time to bring its inputs and to store what it made. */
const transferMinutes = 30;
const megabyte = 1 << 20;

/** Arguments of sbatch. The user's own stand above what the stage says, and below what the dependencies hang on. */
export function sbatchArguments(job: BatchJob, settings: JobSettings): string[] {
  const { name, workspace, log, after, tasks } = job;
  const { partition, account, qos, options, arrayLimit } = settings;
  const limit = arrayLimit === undefined ? '' : `%${arrayLimit}`;
  return [
    '--parsable',
    ...resourceArguments(job),
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(account === undefined ? [] : [`--account=${account}`]),
    ...(qos === undefined ? [] : [`--qos=${qos}`]),
    ...options.map((option) => (option.startsWith('-') ? option : `--${option}`)),
    `--job-name=${name}`,
    `--chdir=${workspace}`,
    `--output=${log}`,
    '--open-mode=append',
    '--requeue',
    `--signal=B:USR2@${warningSeconds}`,
    ...(tasks === undefined ? [] : [`--array=0-${tasks - 1}${limit}`]),
    ...(after.length === 0 ? [] : [`--dependency=afterok:${after.join(':')}`, '--kill-on-invalid-dep=yes']),
  ];
}

function resourceArguments({ resources, timeoutSeconds, retries }: BatchJob): string[] {
  const { cpus, memory, gpus = 0 } = resources;
  const minutes = timeoutSeconds && Math.ceil((timeoutSeconds * (retries + 1)) / 60) + transferMinutes;
  return [
    '--nodes=1',
    '--ntasks=1',
    cpus === 'all' ? '--exclusive' : `--cpus-per-task=${cpus}`,
    ...(memory === undefined ? [] : [`--mem=${Math.ceil(memory / megabyte)}M`]),
    ...(gpus === 0 ? [] : [`--gres=gpu:${gpus}`]),
    ...(minutes === undefined ? [] : [`--time=${minutes}`]),
  ];
}

/** What a job's script calls. */
export interface ScriptParts {
  readonly node: string;
  readonly launcher: string;
  readonly workspace: string;
  readonly submission: string;
  readonly stage: string;
  /** Whether it computes rows as a task of an array. */
  readonly rows: boolean;
}

/** The script of every job: says what the node does not see, and becomes the stage's own process. */
export function batchScript({ node, launcher, workspace, submission, stage, rows }: ScriptParts): string {
  return `#!/bin/sh
# A job of pipeline run --executor slurm.
for file in ${quoted(workspace)} ${quoted(submission)} ${quoted(node)} ${quoted(launcher)}; do
  if [ ! -e "$file" ]; then
    echo "the node $SLURMD_NODENAME ${unseenWords} $file" >&2
    exit 72
  fi
done
cd ${quoted(workspace)} || exit 72
exec ${quoted(node)} ${quoted(launcher)} slurm-task --submission ${quoted(submission)} --stage ${quoted(stage)}${rows ? ' --rows' : ''}
`;
}

/** As one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
