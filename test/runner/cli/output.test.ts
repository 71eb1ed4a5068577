import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Project } from '../../support/rig.ts';

describe('output that cannot be written', () => {
  let project: Project;

  beforeAll(async () => {
    project = await Project.create({
      'pipeline.yaml': 'stages: {t: {run: "echo 1 > o.txt", outs: [o.txt]}}\n',
    });
    await project.run();
  });

  afterAll(async () => {
    await project.remove();
  });

  /** The exit code of the command in a line of bash, and what it said besides. */
  const inShell = (line: string): { code: number; said: string } => {
    const script = `${line.replace('PIPELINE', `"${resolve('pipeline')}"`)}; echo " \${PIPESTATUS[0]}" >&2`;
    const { stderr } = spawnSync('bash', ['-c', script], { cwd: project.folder, encoding: 'utf8' });
    const at = stderr.trimEnd().lastIndexOf(' ');
    return { code: Number(stderr.slice(at)), said: stderr.slice(0, at) };
  };

  it.each(['runs', 'schema', 'status', '--help', 'run --json', 'dag'])(
    'says nothing of it where whoever reads %s has gone, exit code 141',
    (args) => {
      expect(inShell(`PIPELINE ${args} | true`)).toEqual({ code: 141, said: '' });
    },
  );

  it('holds for standard error too', () => {
    expect(inShell('PIPELINE run --force 2>&1 | true').code).toBe(141);
  });

  it.each(['status', 'run --json', 'runs'])('is an error of %s on a full disk', (args) => {
    expect(inShell(`PIPELINE ${args} > /dev/full`)).toEqual({
      code: 1,
      said: 'standard output cannot be written: the disk is full\n',
    });
  });

  it('is of no matter where it was closed from the start', () => {
    expect(inShell('PIPELINE status <&- >&-')).toEqual({ code: 0, said: '' });
  });

  it('does not keep a command that is told to end, where its reader takes nothing', () => {
    const line =
      '(PIPELINE schema & echo $! > pid; wait $!) | (sleep 2; kill -TERM $(cat pid); sleep 2; kill -0 $(cat pid))';
    expect(inShell(`${line}; echo " \${PIPESTATUS[1]}" >&2; true`).said.trim()).toMatch(
      /No such process\n +1$/,
    );
  });
});
