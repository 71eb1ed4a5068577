import { afterEach, describe, expect, it } from '@jest/globals';
import { Project } from '../../support/rig.ts';

const stage = (run: string, rest = ''): string =>
  `stages:\n  t:\n    run: |\n${run
    .split('\n')
    .map((line) => `      ${line}\n`)
    .join('')}    outs: [out.txt]\n${rest}`;

describe('the shell of a command', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  const outcome = async (run: string, rest?: string) => {
    project = await Project.create({ 'pipeline.yaml': stage(run, rest) });
    const { code, stderr } = await project.pipeline('run', '-q');
    return { code, stderr };
  };

  it.each([
    ['whose first line fails', 'cat nothing > out.txt\necho done'],
    ['of one line, whose first part fails', 'cat nothing > out.txt; echo done'],
    ['whose pipe fails in front', 'cat nothing | sort > out.txt\necho done'],
  ])('fails a command %s', async (_, run) => {
    const { code, stderr } = await outcome(run);
    expect(code).toBe(1);
    expect(stderr).toContain('t: its process ended with code 1');
  });

  it.each([
    ['that says so at its head', 'set +e\ncat nothing > out.txt\ntrue'],
    ['whose line may fail', 'cat nothing > out.txt || true'],
    ['whose line is a condition', 'echo 1 > out.txt\nif grep -q 2 out.txt; then echo two; fi'],
  ])('lets a command be %s', async (_, run) => {
    expect(await outcome(run)).toMatchObject({ code: 0 });
  });

  it('is another where the stage says so, and part of the key', async () => {
    project = await Project.create({
      'pipeline.yaml': stage('echo $0 > out.txt; echo x >> counts', '    shell: bash\n'),
    });
    const runs = [await project.run(), await project.run()];
    await project.edit('pipeline.yaml', 'shell: bash', 'shell: [bash, -c]');
    runs.push(await project.run());
    await project.edit('pipeline.yaml', '    shell: [bash, -c]\n', '');
    runs.push(await project.run());
    expect(runs.map(({ ran }) => ran)).toEqual([['t'], [], ['t'], ['t']]);
    expect(runs[2].reasons.t[0]).toContain('shell');
    expect(await project.executions()).toHaveLength(3);
  });

  it('may be any program that takes a command', async () => {
    const run = 'import json\njson.dump([1], open("out.txt", "w"))';
    expect(await outcome(run, '    shell: python3\n')).toMatchObject({ code: 0 });
    expect(await project.read('out.txt')).toBe('[1]');
  });
});
