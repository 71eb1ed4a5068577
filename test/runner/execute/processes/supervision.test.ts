import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { guardsOf, leftByGuard, onLinux, processesOf } from '../../../support/processes.ts';
import { Project } from '../../../support/rig.ts';
import { until } from '../../../support/until.ts';

/** Starts what stays in its group, what leaves it, and what has a session of its own; none of it heeds a polite end. */
const spreading = `
stages:
  spread:
    run: |
      trap '' TERM HUP
      sleep 600 &
      setsid sh -c 'sleep 600; echo late > out.txt' &
      setsid setsid sleep 600 > /dev/null 2>&1 &
      echo begun >> begun.txt
      sleep 600
      echo late > out.txt
    outs: [out.txt]
`;

/** Those that wait, by what they wait for. */
const sleepers = (project: Project): number =>
  processesOf(project).filter(({ command }) => command === 'sleep 600').length;

const supervised = onLinux ? describe : describe.skip;
if (!onLinux) console.warn('skipped: only /proc tells what is left of a run');

supervised('what a run has started', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'pipeline.yaml': spreading });
  });

  afterEach(async () => {
    await project.remove();
  });

  const begin = async (...args: string[]) => {
    const child = project.start(['run', ...args]);
    const exited = once(child, 'exit');
    await until(() => sleepers(project) === 4);
    return { child, exited };
  };

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends with it on %s, exit code 130', async (signal) => {
    const { child, exited } = await begin();
    child.kill(signal);
    expect(await exited).toEqual([130, null]);
    expect(processesOf(project)).toEqual([]);
    expect(existsSync(project.path('artifacts/.cache/lock'))).toBe(false);
  });

  it('ends with it where it is killed', async () => {
    const { child } = await begin();
    child.kill('SIGKILL');
    await until(() => processesOf(project).length === 0);
    expect(existsSync(project.path('out.txt'))).toBe(false);
  });

  it('ends with it when its output is closed, exit code 141', async () => {
    const waits = '  waits: {run: "until [ -e go ]; do sleep 0.05; done", resources: {cpus: 1}}\n';
    await project.write('pipeline.yaml', `${spreading}${waits}`);
    const { child, exited } = await begin('--json', '--jobs', '2');
    child.stdout.destroy();
    child.stderr.destroy();
    // Now there is something to be said.
    await project.write('go', '');
    expect(await exited).toEqual([141, null]);
    expect(processesOf(project)).toEqual([]);
  });

  it('ends at its timeout', async () => {
    await project.edit('pipeline.yaml', '    outs:', '    timeout: 2s\n    outs:');
    const { exited } = await begin();
    expect(await exited).toEqual([1, null]);
    expect(processesOf(project)).toEqual([]);
  });

  it('is found by the next run where the guard was killed with the run', async () => {
    const { child, exited } = await begin();
    const guards = guardsOf(child.pid!);
    expect(guards).toHaveLength(1);
    const left = leftByGuard(guards[0]);
    expect(left()).toContain(guards[0]);
    // Stopped, it cannot start another guard.
    child.kill('SIGSTOP');
    process.kill(guards[0], 'SIGKILL');
    child.kill('SIGKILL');
    await exited;
    expect(sleepers(project)).toBe(4);
    await project.write('pipeline.yaml', 'stages: {fine: {run: "echo 1 > fine.txt", outs: [fine.txt]}}\n');
    expect((await project.run()).ran).toEqual(['fine']);
    expect(processesOf(project)).toEqual([]);
    // What touched the lock would make a dead run look alive.
    await until(() => left().length === 0);
  });

  it('is guarded anew where the guard was killed', async () => {
    const { child, exited } = await begin();
    const [first] = guardsOf(child.pid!);
    process.kill(first, 'SIGKILL');
    await until(() => guardsOf(child.pid!).some((id) => id !== first));
    child.kill('SIGKILL');
    await exited;
    await until(() => processesOf(project).length === 0);
  });

  it('ends with a run around the run', async () => {
    await project.write('inner/pipeline.yaml', spreading);
    await project.write(
      'pipeline.yaml',
      `stages: {outer: {run: "cd inner && exec ${process.cwd()}/pipeline run"}}\n`,
    );
    const { child } = await begin();
    child.kill('SIGKILL');
    await until(() => processesOf(project).length === 0);
  });
});

supervised('a command that ends', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  it('leaves nothing behind, and does not wait for what it left', async () => {
    project = await Project.create({
      'pipeline.yaml': `
stages:
  leaves:
    run: |
      echo 1 > out.txt
      sleep 600 &
      setsid sleep 600 &
      setsid sleep 600 > /dev/null 2>&1 &
      until [ "$(pgrep -cx -f 'sleep 600')" -ge 3 ]; do sleep 0.05; done
    outs: [out.txt]
  after: {run: "echo 2 > after.txt", in: {x: leaves}, outs: [after.txt]}
`,
    });
    const { ran, code } = await project.run();
    expect({ code, ran }).toEqual({ code: 0, ran: ['leaves', 'after'] });
    expect(processesOf(project)).toEqual([]);
  });

  it('keeps what a process behind its pipe still writes', async () => {
    project = await Project.create({
      'pipeline.yaml': `
stages:
  tee:
    shell: bash
    run: |
      exec > >(sleep 0.3; tee log.txt)
      echo the last line
    outs: [log.txt]
`,
    });
    expect((await project.run()).code).toBe(0);
    expect(await project.read('log.txt')).toBe('the last line\n');
  });
});
