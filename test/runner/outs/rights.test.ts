import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Project } from '../../support/rig.ts';

/** All below a path: rights, where links lead, what files hold. */
function picture(project: Project, name: string): string[] {
  const path = project.path(name);
  const stats = lstatSync(path);
  const rights = (stats.mode & 0o777).toString(8);
  if (stats.isSymbolicLink()) return [`${name} -> ${readlinkSync(path)}`];
  if (stats.isFile()) return [`${name} ${rights} ${readFileSync(path, 'utf8')}`];
  const inside = readdirSync(path).sort();
  return [`${name}/ ${rights}`, ...inside.flatMap((entry) => picture(project, join(name, entry)))];
}

describe('outs come back as their command left them', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  const start = async (command: string, outs: string, more = ''): Promise<void> => {
    project = await Project.create({
      'pipeline.yaml': `stages:\n  t:\n    outs: ${outs}\n    run: |\n${[
        'echo t >> $COUNTS',
        ...command.trim().split('\n'),
      ]
        .map((line) => `      ${line.trim()}\n`)
        .join('')}${more}`,
    });
  };

  it('with rights, empty folders, empty files, links within them and odd names', async () => {
    await start(
      `
      mkdir -p out/empty/deeper out/closed out/sub; chmod 700 out/empty/deeper
      printf hi > tool; chmod 755 tool
      printf s > out/secret; chmod 600 out/secret
      printf r > out/read; chmod 444 out/read
      printf c > out/closed/file; chmod 555 out/closed
      : > out/nothing; printf d > out/.hidden; printf e > "out/a b'\\"\\\\c"
      printf x > out/sub/x; ln -s x out/sub/y; ln -s sub/y out/z; ln -s sub out/folder; ln -s out/z short
      `,
      '[tool, out, short]',
    );
    expect(await project.run()).toMatchObject({ code: 0, ran: ['t'] });
    const outs = ['tool', 'out', 'short'];
    const made = outs.flatMap((out) => picture(project, out));
    expect(made).toEqual([
      'tool 755 hi',
      'out/ 755',
      'out/.hidden 644 d',
      `out/a b'"\\c 644 e`,
      'out/closed/ 555',
      'out/closed/file 644 c',
      'out/empty/ 755',
      'out/empty/deeper/ 700',
      'out/folder -> sub',
      'out/nothing 644 ',
      'out/read 444 r',
      'out/secret 600 s',
      'out/sub/ 755',
      'out/sub/x 644 x',
      'out/sub/y -> x',
      'out/z -> sub/y',
      'short -> out/z',
    ]);
    for (const out of outs) await rm(project.path(out), { recursive: true });
    expect(await project.run()).toMatchObject({ code: 0, cached: ['t'] });
    expect(outs.flatMap((out) => picture(project, out))).toEqual(made);
    await project.delete('out/sub/y');
    await project.delete('out/empty/deeper');
    expect(await project.run()).toMatchObject({ code: 0, cached: ['t'] });
    expect(outs.flatMap((out) => picture(project, out))).toEqual(made);
    const shown = picture(project, 'artifacts/t').map((line) => line.replaceAll('artifacts/t/', ''));
    for (const line of made.filter((one) => !one.startsWith('out/closed/ '))) expect(shown).toContain(line);
    expect(await project.executions()).toEqual(['t']);
    expect((await project.pipeline('verify')).code).toBe(0);
  });

  it('from a shared cache too', async () => {
    await start('mkdir -p out/empty\nprintf hi > out/tool; chmod 755 out/tool; ln -s tool out/link', '[out]');
    await mkdir(project.path('shared'));
    await project.run('--cache', 'shared');
    const made = picture(project, 'out');
    await project.delete('out');
    await project.delete('artifacts');
    expect(await project.run('--cache', 'shared')).toMatchObject({ code: 0, cached: ['t'] });
    expect(picture(project, 'out')).toEqual(made);
    expect(await project.executions()).toEqual(['t']);
  });

  it('and rights, links and empty folders are part of the artifact', async () => {
    const use = '  use: {run: "echo use >> $COUNTS", in: {t: t}}\n';
    await start('mkdir -p out; printf hi > out/tool', '[out]', use);
    await project.run();
    const seen = ['t', 'use'];
    for (const change of ['chmod 755 out/tool', 'mkdir out/empty', 'ln -s tool out/link']) {
      await project.edit('pipeline.yaml', 'printf hi > out/tool', `printf hi > out/tool; ${change}`);
      expect(await project.run()).toMatchObject({ code: 0, ran: ['t', 'use'] });
      seen.push('t', 'use');
    }
    await project.edit('pipeline.yaml', 'printf hi > out/tool;', 'printf "h"i > out/tool;');
    expect(await project.run()).toMatchObject({ code: 0, ran: ['t'], cached: ['use'] });
    expect(await project.executions()).toEqual([...seen, 't']);
  });

  it('with what a link to elsewhere leads to in its place', async () => {
    await start('mkdir out; ln -s ../data/mine.txt out/file; ln -s $PWD/data out/folder', '[out]');
    await project.write('data/mine.txt', 'mine');
    expect((await project.run()).code).toBe(0);
    expect(picture(project, 'out')).toEqual([
      'out/ 755',
      'out/file 644 mine',
      'out/folder/ 755',
      'out/folder/mine.txt 644 mine',
    ]);
    expect(await project.read('data/mine.txt')).toBe('mine');
  });

  it.each([
    ['ln -s nowhere out/link', 'out/link is a link that leads nowhere (nowhere)'],
    ['ln -s link out/link', 'out/link is a link that leads nowhere (link)'],
    ['ln -s .. out/link', 'out/link leads to a folder that it lies in itself'],
    ['mkfifo out/pipe', 'out/pipe is neither a file nor a folder'],
    [`touch "out/caf$(printf '\\351').txt"`, 'out/caf\u00e9.txt has a name that is not UTF-8'],
  ])('or not at all: %s', async (command, message) => {
    await start(`mkdir out; ${command}`, '[out]');
    const { code, stderr } = await project.pipeline('run');
    expect(code).toBe(1);
    expect(stderr).toContain(`t: ${message}\n`);
    // What it left is its own, whatever it is.
    await project.edit('pipeline.yaml', `; ${command}`, '; printf x > out/x');
    expect((await project.run()).code).toBe(0);
    expect(existsSync(project.path('out/x'))).toBe(true);
  });
});
