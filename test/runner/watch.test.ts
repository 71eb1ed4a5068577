import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Project, wordsProject } from '../support/rig.ts';
import { until } from '../support/until.ts';

/** Longer than a watch takes to settle and look. */
const aWhile = 2000;

describe('run --watch', () => {
  let project: Project;
  let child: ReturnType<Project['start']> | undefined;
  let said = '';

  const start = async (files: Readonly<Record<string, string>>, ...args: string[]): Promise<void> => {
    project = await Project.create(files);
    child = project.start(['run', '--watch', ...args]);
    said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await settled();
  };

  /** Waits until it watches, and forgets what it has said and done. */
  const settled = async (): Promise<void> => {
    await until(() => said.includes('watching for changes; end with Ctrl-C\n'));
  };
  const forget = async (): Promise<void> => {
    said = '';
    await project.forgetExecutions();
  };

  afterEach(async () => {
    if (child?.exitCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    child = undefined;
    await project.remove();
  });

  it('reruns what an edit makes stale, and ends with 130 on Ctrl-C', async () => {
    await start(wordsProject);
    expect(await project.executions()).toHaveLength(5);
    await forget();

    await project.write('data/b.txt', 'deux');
    await settled();
    expect(await project.executions()).toEqual(['words b.txt', 'upper b.txt', 'join']);
    expect(JSON.parse(await project.read('artifacts/join/joined.json'))).toBe('ONE! DEUX!');

    await forget();
    await project.edit('pipeline.yaml', 'uses: join,', 'uses: join, with: {between: "-"},');
    await settled();
    expect(await project.executions()).toEqual(['join']);

    await forget();
    await project.edit('stages/upper/loud.ts', 'text.toUpperCase()', "text.toUpperCase() + '.'");
    await settled();
    expect(JSON.parse(await project.read('artifacts/join/joined.json'))).toBe('ONE.!-DEUX.!');

    await forget();
    await project.write('data/more/c.txt', 'three');
    await settled();
    expect(await project.executions()).toEqual(['words more/c.txt', 'upper more/c.txt', 'join']);

    await forget();
    // As editors save: another file, renamed over the old one; twice, since the first ends the watch on the old file.
    for (const between of ['+', '_']) {
      const text = (await project.read('pipeline.yaml')).replace(/between: "."/, `between: "${between}"`);
      writeFileSync(project.path('new.yaml'), text);
      renameSync(project.path('new.yaml'), project.path('pipeline.yaml'));
      await settled();
      said = '';
    }
    expect(JSON.parse(await project.read('artifacts/join/joined.json'))).toBe('ONE.!_DEUX.!_THREE.!');

    child!.kill('SIGINT');
    expect(await once(child!, 'exit')).toEqual([130, null]);
  });

  it('runs nothing for an edit that makes nothing stale', async () => {
    await start(wordsProject);
    await forget();
    await project.edit('stages/upper/loud.ts', 'export', '// A comment.\nexport');
    await project.write('stages/upper/unused.ts', 'export {};\n');
    await settled();
    await wait(aWhile);
    expect(said).not.toContain(': runs, ');
    expect(await project.executions()).toEqual([]);
  });

  it('runs nothing again on a failure until its inputs change', async () => {
    await start({ ...wordsProject, 'data/b.txt': 'broken' });
    expect(said).toContain('b.txt: not a word');
    await forget();
    await project.edit('stages/words/words.ts', 'import', '// A comment.\nimport');
    await project.edit('stages/join/join.ts', 'params.between', "params.between + ''");
    await settled();
    await wait(aWhile);
    expect(await project.executions()).toEqual([]);
    expect(said).not.toContain(': runs, ');
    await forget();
    await project.write('data/b.txt', 'two');
    await settled();
    expect(await project.executions()).toEqual(['words b.txt', 'upper a.txt', 'upper b.txt', 'join']);
  });

  it('shows a mistake in pipeline.yaml or in code, and goes on when it is mended', async () => {
    await start(wordsProject);
    await forget();
    await project.edit('pipeline.yaml', 'uses: join', 'uses: joint');
    await settled();
    expect(said).toContain('unknown kind joint');
    await forget();
    await project.edit('pipeline.yaml', 'uses: joint', 'uses: join');
    await settled();
    expect(said).not.toContain('unknown');
    await forget();
    await project.edit('stages/upper/loud.ts', '=>', '= >');
    await settled();
    expect(said).toContain('stages/upper/loud.ts:1:');
    await forget();
    await project.write(
      'stages/upper/loud.ts',
      'export const loud = (text: string): string => `${text}!`;\n',
    );
    await settled();
    expect(JSON.parse(await project.read('artifacts/join/joined.json'))).toBe('one!! two!!');
  });

  it('waits for a folder of data that is not there yet', async () => {
    const { 'data/a.txt': text, ...rest } = wordsProject;
    await start({
      ...Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('data/'))),
    });
    await forget();
    await project.write('data/a.txt', text);
    await until(async () => (await project.executions()).includes('join'));
    await settled();
    expect(JSON.parse(await project.read('artifacts/join/joined.json'))).toBe('ONE!');
  });

  it('is ended by Ctrl-C in the middle of a run too', async () => {
    project = await Project.create(wordsProject);
    await project.edit(
      'stages/join/join.ts',
      'const texts',
      'await new Promise((r) => setTimeout(r, 60_000)); const texts',
    );
    child = project.start(['run', '--watch']);
    await until(async () => (await project.executions()).includes('join'));
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
  });
});
