import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StageInstance } from '../../../../../runner/config/index.ts';
import { submitJobs } from '../../../../../runner/execute/slurm/client/submit.ts';
import { Submission, type SubmittedStage } from '../../../../../runner/execute/slurm/submission.ts';
import { type FakeSlurm, fakeSlurm, usualSettings } from '../../../../support/fake-slurm.ts';
import { useTemporaryFolder } from '../../../../support/temporary-folder.ts';

const instance = (name: string): [string, StageInstance] => [
  name,
  {
    name,
    stage: name,
    values: [],
    uses: { type: 'command', command: 'true', outs: [] } as unknown as StageInstance['uses'],
    inputs: {},
    resources: { cpus: 1 },
    retries: 0,
    rowErrors: 'fail',
    place: { file: 'pipeline.yaml' },
  },
];
const stage = (name: string, needs: string[], more: Partial<SubmittedStage> = {}): SubmittedStage => ({
  name,
  folder: name,
  needs,
  rows: false,
  retries: 0,
  ...more,
});

describe('submitting', () => {
  const folder = useTemporaryFolder();
  let slurm: FakeSlurm;
  const path = process.env.PATH;

  beforeEach(() => {
    slurm = fakeSlurm(folder.file('.'));
    const end = Object.fromEntries(['b.rows', 'b', 'c'].map((name) => [name, { state: 'PENDING' }]));
    slurm.behave({ settings: usualSettings, end });
    Object.assign(process.env, slurm.env, { SLURM_ARRAY_TASK_ID: '7' });
  });
  afterEach(() => {
    process.env.PATH = path;
    for (const name of ['FAKE_SLURM', 'SLURM_ARRAY_TASK_ID']) Reflect.deleteProperty(process.env, name);
  });

  it('goes on where a client was killed', async () => {
    const submission = new Submission(folder.file('submission'));
    const stages = [
      stage('a', []),
      stage('b', ['a'], { rows: true, tasks: 3 }),
      stage('c', ['a', 'b', 'given']),
    ];
    const submitted = {
      format: 1,
      plan: 'plan',
      cache: { name: 'x', place: { type: 'folder', folder: 'x' }, write: true, timeoutSeconds: 20 },
      scratch: 'scratch',
      given: { given: 'key' },
      stages,
    } as const;
    await submission.write(submitted);
    await submission.writeJobs(new Map([['a', { final: '42' }]]));
    const settings = {
      partition: undefined,
      account: undefined,
      qos: undefined,
      options: [],
      arrayLimit: undefined,
    };
    const jobs = await submitJobs({
      submission,
      submitted,
      instances: new Map(stages.map(({ name }) => instance(name))),
      settings,
      workspace: folder.file('.'),
      home: folder.file('.'),
      signal: new AbortController().signal,
    });
    expect([...jobs]).toEqual([
      ['a', { final: '42' }],
      ['b', { array: '100', final: '101' }],
      ['c', { final: '102' }],
    ]);
    expect(submission.readJobs()).toEqual(jobs);
    const orders = slurm
      .callsOf('sbatch')
      .map((args) => args.filter((arg) => /^--(?:array|dependency)/.test(arg)));
    expect(orders).toEqual([
      ['--array=0-2', '--dependency=afterok:42'],
      ['--dependency=afterok:100'],
      ['--dependency=afterok:42:101'],
    ]);
    // The client's own number, where it is a task itself, is none of its jobs'.
    expect(slurm.calls().flat()).not.toContain('SLURM_ARRAY_TASK_ID=7');
  });
});
