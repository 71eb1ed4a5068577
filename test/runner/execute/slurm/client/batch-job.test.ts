import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  type BatchJob,
  batchScript,
  type JobSettings,
  sbatchArguments,
} from '../../../../../runner/execute/slurm/client/batch-job.ts';
import { useTemporaryFolder } from '../../../../support/temporary-folder.ts';

const job: BatchJob = {
  name: 'train[cnn,mfcc]',
  workspace: '/lab/ser',
  resources: { cpus: 1 },
  timeoutSeconds: undefined,
  retries: 0,
  log: '/lab/ser/logs/3-train.log',
  after: [],
};
const settings: JobSettings = {
  partition: undefined,
  account: undefined,
  qos: undefined,
  options: [],
  arrayLimit: undefined,
};

describe('the arguments of sbatch', () => {
  it('of a stage that says nothing', () => {
    expect(sbatchArguments(job, settings)).toEqual([
      '--parsable',
      '--nodes=1',
      '--ntasks=1',
      '--cpus-per-task=1',
      '--job-name=train[cnn,mfcc]',
      '--chdir=/lab/ser',
      '--output=/lab/ser/logs/3-train.log',
      '--open-mode=append',
      '--requeue',
      '--signal=B:USR2@30',
    ]);
  });

  it('of an array for which a stage asks much, after others', () => {
    const large: BatchJob = {
      ...job,
      name: 'encode.rows',
      resources: { cpus: 4, memory: 16e9, gpus: 2 },
      timeoutSeconds: 5400,
      retries: 1,
      after: ['12', '15'],
      tasks: 64,
    };
    const options = ['constraint=a100', '--exclude=n7', '-d x'];
    const all = { partition: 'gpu', account: 'lab', qos: 'long', options, arrayLimit: 8 };
    expect(sbatchArguments(large, all)).toEqual([
      '--parsable',
      '--nodes=1',
      '--ntasks=1',
      '--cpus-per-task=4',
      '--mem=15259M',
      '--gres=gpu:2',
      // Twice 90 minutes, and the time to bring and to store.
      '--time=210',
      '--partition=gpu',
      '--account=lab',
      '--qos=long',
      '--constraint=a100',
      '--exclude=n7',
      '-d x',
      '--job-name=encode.rows',
      '--chdir=/lab/ser',
      '--output=/lab/ser/logs/3-train.log',
      '--open-mode=append',
      '--requeue',
      '--signal=B:USR2@30',
      '--array=0-63%8',
      '--dependency=afterok:12:15',
      '--kill-on-invalid-dep=yes',
    ]);
  });

  it('take a whole node where a stage takes all processors', () => {
    const args = sbatchArguments({ ...job, resources: { cpus: 'all' } }, settings);
    expect(args).toContain('--exclusive');
    expect(args.filter((arg) => arg.startsWith('--cpus'))).toEqual([]);
  });
});

describe('the script of a job', () => {
  const folder = useTemporaryFolder();
  const parts = {
    node: '/opt/node/bin/node',
    launcher: '/lab/pipeline/scripts/launch.mjs',
    workspace: '/lab/ser',
    submission: '/lab/ser/artifacts/.cache/slurm/3f/1',
    stage: 'train[cnn,mfcc]',
    rows: false,
  };

  it('is this', () => {
    expect(batchScript(parts)).toBe(`#!/bin/sh
# A job of pipeline run --executor slurm.
for file in '/lab/ser' '/lab/ser/artifacts/.cache/slurm/3f/1' '/opt/node/bin/node' '/lab/pipeline/scripts/launch.mjs'; do
  if [ ! -e "$file" ]; then
    echo "the node $SLURMD_NODENAME does not see $file" >&2
    exit 72
  fi
done
cd '/lab/ser' || exit 72
exec '/opt/node/bin/node' '/lab/pipeline/scripts/launch.mjs' slurm-task --submission '/lab/ser/artifacts/.cache/slurm/3f/1' --stage 'train[cnn,mfcc]'
`);
  });

  const run = (script: string) =>
    spawnSync('sh', ['-s'], {
      input: script,
      encoding: 'utf8',
      env: { ...process.env, SLURMD_NODENAME: 'n7' },
    });

  it('says what its node does not see', () => {
    const { status, stderr } = run(batchScript(parts));
    expect({ status, stderr }).toEqual({ status: 72, stderr: 'the node n7 does not see /lab/ser\n' });
  });

  it('passes names on as they are', () => {
    const here = folder.file('.');
    const stage = `it's "$HOME" \`x\``;
    const echo = {
      ...parts,
      node: '/bin/echo',
      launcher: '/bin/sh',
      workspace: here,
      submission: here,
      stage,
      rows: true,
    };
    const { stdout } = run(batchScript(echo));
    expect(stdout).toBe(`/bin/sh slurm-task --submission ${here} --stage ${stage} --rows\n`);
  });
});
