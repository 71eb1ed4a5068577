// Stands for Slurm's commands where there is no Slurm: called as sbatch, squeue, scancel or scontrol, it does what these
// would, as far as the tests look, on state in the folder that FAKE_SLURM names. A job is run while it is submitted, its
// tasks one after the other, so that what it depends on has always ended before.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {{ job: string, task: string, state: string, node: string, reason: string }} Queued
 * @typedef {{ settings?: string, refuse?: string, refuseAfter?: number, end?: Record<string, Partial<Queued>> }} Behaviour
 *   `end`: jobs of that name are not run, and end so.
 */

const folder = process.env['FAKE_SLURM'] ?? '';
const program = path.basename(process.argv[1]);
const args = process.argv.slice(2);
const told = Object.entries(process.env).flatMap(([name, value]) =>
  name.startsWith('SLURM_') ? [`${name}=${value}`] : [],
);
appendFileSync(path.join(folder, 'calls'), `${JSON.stringify([program, ...args, ...told])}\n`);

/** @type {Behaviour} */
const behaviour = JSON.parse(readFileSync(path.join(folder, 'behaviour.json'), 'utf8'));
const stateFile = path.join(folder, 'queue.json');
/** @type {Queued[]} */
const queue = existsSync(stateFile) ? JSON.parse(readFileSync(stateFile, 'utf8')) : [];

/** @param {string} name */
const option = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

/** @param {string} text */
function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function sbatch() {
  const numbers = new Set(queue.map(({ job }) => job));
  if (behaviour.refuse !== undefined && numbers.size >= (behaviour.refuseAfter ?? 0)) fail(behaviour.refuse);
  const script = readFileSync(0, 'utf8');
  const job = String(100 + numbers.size);
  const tasks = option('array') === undefined ? ['N/A'] : tasksOf(option('array') ?? '');
  const after = (option('dependency') ?? '').split(':').slice(1);
  const possible = after.every((id) =>
    queue.filter((other) => other.job === id).every(({ state }) => state === 'COMPLETED'),
  );
  for (const task of tasks) queue.push(runTask(script, job, task, possible));
  process.stdout.write(`${job}\n`);
}

/** @param {string} text `0-3%2` */
function tasksOf(text) {
  const last = Number(text.replace(/%.*/, '').split('-')[1]);
  return Array.from({ length: last + 1 }, (_, at) => String(at));
}

/**
 * @param {string} script
 * @param {string} job
 * @param {string} task
 * @param {boolean} possible
 * @returns {Queued}
 */
function runTask(script, job, task, possible) {
  const queued = { job, task, node: 'n1', reason: 'None' };
  if (!possible) return { ...queued, state: 'CANCELLED', node: '', reason: 'DependencyNeverSatisfied' };
  const end = behaviour.end?.[option('job-name') ?? ''];
  if (end !== undefined) return { ...queued, state: 'FAILED', ...end };
  const ofTask = task === 'N/A' ? {} : { SLURM_ARRAY_TASK_ID: task, SLURM_ARRAY_JOB_ID: job };
  const env = {
    ...process.env,
    ...ofTask,
    SLURM_JOB_ID: job,
    SLURMD_NODENAME: 'n1',
    SLURM_CPUS_PER_TASK: '1',
  };
  const { status, stdout, stderr } = spawnSync('sh', ['-s'], {
    input: script,
    cwd: option('chdir'),
    env,
    encoding: 'utf8',
  });
  const log = (option('output') ?? '').replace('%a', task).replaceAll('%%', '%');
  appendFileSync(log, `${stdout}${stderr}`);
  return status === 0
    ? { ...queued, state: 'COMPLETED' }
    : { ...queued, state: 'FAILED', reason: 'NonZeroExitCode' };
}

function squeue() {
  const wanted = (option('jobs') ?? '').split(',');
  const found = queue.filter(({ job }) => wanted.includes(job));
  if (found.length === 0 && wanted.length === 1) fail('slurm_load_jobs error: Invalid job id specified');
  for (const { job, task, state, node, reason } of found) {
    process.stdout.write(`${job}|${task}|${state}|${node}|${reason}\n`);
  }
}

if (program === 'sbatch') sbatch();
else if (program === 'squeue') squeue();
else if (program === 'scontrol') {
  if (behaviour.settings === undefined)
    fail('slurm_load_ctl_conf error: Unable to contact slurm controller (connect failure)');
  else process.stdout.write(behaviour.settings);
}
writeFileSync(stateFile, JSON.stringify(queue));
