import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, symlinkSync } from 'node:fs';
import type { Event } from '../../../../../runner/events.ts';
import { computedAgain, projectOf, resultsOf } from '../../../../support/divided-project.ts';
import { type FakeSlurm, fakeSlurm, usualSettings } from '../../../../support/fake-slurm.ts';
import type { Project } from '../../../../support/rig.ts';
import { useTemporaryFolder } from '../../../../support/temporary-folder.ts';

const rows = 42;

/** The client as it is, before stand-ins of Slurm's commands. */
describe('the client of Slurm', () => {
  const folder = useTemporaryFolder();
  let project: Project;
  let slurm: FakeSlurm;
  const path = process.env.PATH;

  beforeEach(async () => {
    project = await projectOf(rows - 2, 0);
    slurm = fakeSlurm(folder.file('.'));
    Object.assign(process.env, slurm.env);
  });
  afterEach(async () => {
    process.env.PATH = path;
    Reflect.deleteProperty(process.env, 'FAKE_SLURM');
    await project.remove();
  });

  const run = (...args: string[]) => project.run('--executor', 'slurm', '--poll-seconds', '1', ...args);
  const problemsOf = (events: readonly Event[]) =>
    events.flatMap((event) => (event.type === 'stage-failed' ? event.problems : []));
  const noticesOf = (events: readonly Event[]) =>
    events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  const option = (args: readonly string[], name: string): string | undefined =>
    args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

  it('submits each stage after those whose results it takes, and ends with what a local run makes', async () => {
    const { code, ran, rows: counts, stderr } = await run('--account', 'lab');
    expect({ code, ran, stderr }).toEqual({ code: 0, ran: ['words', 'upper', 'join'], stderr: '' });
    expect(counts.upper).toEqual({ total: rows, computed: rows, reused: 0 });
    const submitted = slurm
      .callsOf('sbatch')
      .map((args) => [option(args, 'job-name'), option(args, 'array'), option(args, 'dependency')]);
    expect(submitted).toEqual([
      ['upper.rows', '0-2', undefined],
      ['upper', undefined, 'afterok:100'],
      ['join', undefined, 'afterok:101'],
    ]);
    expect(slurm.callsOf('sbatch').map((args) => option(args, 'account'))).toEqual(['lab', 'lab', 'lab']);
    expect(await computedAgain(project)).toBe(0);
    const divided = resultsOf(project);
    await project.delete('artifacts');
    await project.delete('pipeline.lock');
    await project.run();
    expect(divided).toEqual(resultsOf(project));
  });

  it('keeps its cache where it is told to, and else in the workspace', async () => {
    mkdirSync(project.path('elsewhere'));
    await run('--cache', project.path('elsewhere'));
    await project.delete('artifacts');
    const again = await run('--cache', project.path('elsewhere'));
    expect(again.cached).toEqual(['words', 'upper', 'join']);
    expect(slurm.callsOf('sbatch')).toHaveLength(3);
  });

  it('makes no array larger than Slurm allows, and says so', async () => {
    slurm.behave({ settings: usualSettings.replace('1001', '4') });
    const { code, events } = await run('--shard-rows', '2', '--array-limit', '2');
    expect(code).toBe(0);
    expect(option(slurm.callsOf('sbatch')[0], 'array')).toBe('0-3%2');
    expect(noticesOf(events)[0]).toBe(
      "its array is as large as Slurm's MaxArraySize of 4 allows: tasks may take more than 2 rows",
    );
    expect(await computedAgain(project)).toBe(0);
  });

  it('cancels what it has submitted where Slurm refuses the rest', async () => {
    const refuse =
      'sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy';
    slurm.behave({ settings: usualSettings, refuse, refuseAfter: 2 });
    const { code, events } = await run();
    expect(code).toBe(1);
    expect(problemsOf(events)).toEqual([
      {
        stage: 'join',
        message:
          'Slurm refuses the job of join: QOSMaxSubmitJobPerUserLimit; ' +
          'Batch job submission failed: Job violates accounting/QOS policy',
        hint: 'Your limits allow no more, or none so large: ask for fewer tasks with --array-tasks, or wait for other jobs.',
      },
    ]);
    expect(slurm.callsOf('scancel')).toEqual([['--quiet', '100', '101']]);
  });

  it('tells of a job that ended without a word, in one question for all jobs, and cancels the rest', async () => {
    slurm.behave({
      settings: usualSettings,
      end: { 'upper.rows': { state: 'OUT_OF_MEMORY', reason: 'OutOfMemory' } },
    });
    const { code, events } = await run();
    expect(code).toBe(1);
    expect(problemsOf(events)).toEqual([
      {
        stage: 'upper',
        message: 'its job 100_0 ran out of memory on n1',
        hint: 'Give the stage more: "resources: {memory: 16GB}".',
      },
    ]);
    const questions = slurm.callsOf('squeue').map((args) => option(args, 'jobs'));
    expect(questions.length).toBeGreaterThanOrEqual(2);
    expect(new Set(questions)).toEqual(new Set(['100,101']));
    expect(slurm.callsOf('scancel')).toEqual([['--quiet', '100', '101', '102']]);
  });

  it('goes on with independent branches where it is told to', async () => {
    await project.edit('pipeline.yaml', '  join:', '  early: {uses: join, in: {texts: [words]}}\n  join:');
    slurm.behave({ settings: usualSettings, end: { 'upper.rows': { state: 'TIMEOUT' } } });
    const { code, events } = await run('--keep-going');
    expect(code).toBe(1);
    const last = events.at(-1);
    expect(last).toMatchObject({ ran: ['words', 'early'], failed: ['upper'], skipped: ['join'] });
  });

  it('refuses to compute by code that was edited while jobs were in the queue', async () => {
    // By a job that runs before it.
    await project.edit(
      'stages/upper/upper.ts',
      'run({ id, cells }) {',
      `run({ id, cells }) { if (id === 'a.txt') appendFileSync('stages/join/join.ts', 'export const more = 1;');`,
    );
    const { code, events } = await run();
    expect(code).toBe(1);
    const [problem] = problemsOf(events);
    expect(problem.message).toMatch(
      /^the code of join on this worker is not the plan's: [0-9a-f]{12} here, [0-9a-f]{12} in the plan; stages\/join\/join\.ts differ$/,
    );
    expect(problem.hint).toBe('It was edited after the jobs were submitted: run again.');
  });

  it('says before anything runs that there is no Slurm, or none that answers, or what it cannot do', async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const { code, stderr } = await project.pipeline('run', '--executor', 'slurm', ...args);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await refused('--force')).toContain('--force makes stages run again');
    expect(await refused('--array-tasks', '0')).toContain('--array-tasks takes a whole number of at least 1');
    slurm.behave({});
    expect(await refused()).toBe(
      "Slurm's controller does not answer: slurm_load_ctl_conf error: Unable to contact slurm controller (connect failure)\n" +
        '  See what it says itself: scontrol ping\n',
    );
    symlinkSync(process.execPath, folder.file('node'));
    process.env.PATH = folder.file('.');
    expect(await refused()).toBe(
      "the executor slurm needs Slurm's commands, and there is no scontrol on the PATH\n" +
        '  Run this where jobs are submitted from, such as a login node; there may be a module to load first.\n',
    );
  });
});
