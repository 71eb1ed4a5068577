import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { kinds, Project, wordsProject } from '../support/rig.ts';

/** A kind that does what its param says, in ways that stages go wrong. */
const misbehave = {
  'stages/misbehave/index.ts': `
    import { z } from 'zod';
    import { defineKind } from 'pipeline/kind';
    export default defineKind({
      name: 'misbehave',
      summary: 'Goes wrong',
      params: z.strictObject({ how: z.string(), mark: z.string().default('') }),
      inputs: { after: 'optional' },
      load: () => import('./misbehave.ts'),
    });`,
  'stages/misbehave/misbehave.ts': `
    import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
    import { StageFailure } from 'pipeline/kind';
    export async function run({ params: { how, mark }, output }) {
      appendFileSync(process.env.COUNTS, 'misbehave ' + how + mark + '\\n');
      if (how === 'fail') throw new StageFailure('the cake is a lie', { place: 'cake.txt', hint: 'bake one' });
      if (how === 'bug') throw new TypeError('x is not a function');
      if (how === 'crash') { console.log('last words'); process.abort(); }
      if (how === 'exit') process.exit(0);
      if (how === 'code') { console.error('about to end'); process.exit(7); }
      if (how === 'hang') for (;;) {}
      if (how === 'print') { const text = 'x'.repeat(1 << 20); for (let i = 0; i < 200; i += 1) console.log(text); console.log('the end'); }
      if (how === 'sleep') await new Promise((resolve) => setTimeout(resolve, 60_000));
      if (how === 'wait') { writeFileSync('pid', String(process.pid)); while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20)); }
      if (how === 'once' && !existsSync('tried')) { writeFileSync('tried', ''); throw new StageFailure('not yet'); }
      await output.json('out.json', how);
    }`,
};

const stage = (how: string, rest = ''): string =>
  `stages:\n  bad: {uses: misbehave, with: {how: ${how}}${rest === '' ? '' : `, ${rest}`}}\n`;

describe('execution', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  const bad = async (how: string, rest?: string): Promise<void> => {
    project = await Project.create({ 'pipeline.yaml': stage(how, rest), ...misbehave });
  };

  it('shows an expected failure with its place and the way out, without a stack', async () => {
    await bad('fail');
    const { code, stderr, stdout } = await project.pipeline('run');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('bad: failed\ncake.txt: the cake is a lie\n  bake one\n');
    expect(stderr).not.toContain('misbehave.ts:');
    expect(existsSync(project.path('artifacts/bad'))).toBe(false);
  });

  it('shows where a bug is only with --verbose', async () => {
    await bad('bug');
    expect((await project.pipeline('run')).stderr).not.toContain('misbehave.ts:');
    expect((await project.pipeline('run', '--verbose')).stderr).toContain('stages/misbehave/misbehave.ts:7');
  });

  it.each([
    ['crash', 'its process was ended by SIGABRT', '  | last words'],
    ['code', 'its process ended with code 7', '  | about to end'],
    ['exit', 'it ended with code 0 but gave no result', ''],
  ])('reports a process that ends by %s, with its last lines', async (how, message, lastLine) => {
    await bad(how);
    const { code, stderr } = await project.pipeline('run');
    expect(code).toBe(1);
    expect(stderr).toContain(`bad: ${message}`);
    expect(stderr).toContain(lastLine);
  });

  it('ends a stage that takes longer than its timeout, even if it never yields', async () => {
    await bad('hang', 'timeout: 1s');
    const { code, stderr } = await project.pipeline('run');
    expect(code).toBe(1);
    expect(stderr).toContain('bad: it took longer than its timeout of 1 s');
  });

  it('keeps a limited log of a stage that prints without end, and its last line', async () => {
    await bad('print');
    expect((await project.pipeline('run')).code).toBe(0);
    const [run] = readdirSync(project.path('artifacts/.cache/runs'));
    const log = readFileSync(project.path(`artifacts/.cache/runs/${run}/logs/bad.log`));
    expect(log.length).toBeLessThan(80 << 20);
    expect(log.toString('latin1').trimEnd().endsWith('the end')).toBe(true);
  });

  it('tries again as often as retries say', async () => {
    await bad('once', 'retries: 1');
    const { code, events } = await project.run();
    expect(code).toBe(0);
    expect(await project.executions()).toEqual(['misbehave once', 'misbehave once']);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'stage-failed', retrying: true, attempt: 1 }),
    );
  });

  const branches = `stages:
  bad: {uses: misbehave, with: {how: fail}}
  after: {uses: misbehave, with: {how: fine}, in: {after: bad}}
  other: {uses: misbehave, with: {how: sleepless}}
  last: {uses: misbehave, with: {how: fine, mark: "2"}, in: {after: other}}
`;

  it('goes on with independent branches after a failure with --keep-going', async () => {
    project = await Project.create({ 'pipeline.yaml': branches, ...misbehave });
    const { code, ran, failed } = await project.run('--keep-going');
    expect({ code, ran, failed }).toEqual({ code: 1, ran: ['other', 'last'], failed: ['bad'] });
  });

  it('starts nothing more after a failure without it, and skips what needs the failed stage', async () => {
    project = await Project.create({ 'pipeline.yaml': branches, ...misbehave });
    const { code, events } = await project.run('--jobs', '1');
    expect(code).toBe(1);
    expect(events).toContainEqual({ type: 'stage-skipped', stage: 'after', because: 'bad gave no artifact' });
    expect(await project.executions()).toEqual(['misbehave fail']);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends its stages and exits with 130 on %s', async (signal) => {
    await bad('sleep');
    const child = project.start(['run']);
    while ((await project.executions()).length === 0) await wait(50);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(existsSync(project.path('artifacts/bad'))).toBe(false);
    expect(existsSync(project.path('artifacts/.cache/lock'))).toBe(false);
    expect(readdirSync(project.path('artifacts/.cache/tmp'))).toEqual([]);
  });

  it('ends a stage whose runner is killed', async () => {
    await bad('hang');
    const child = project.start(['run']);
    while ((await project.executions()).length === 0) await wait(50);
    const hosts = hostsIn(project.folder);
    expect(hosts).toHaveLength(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (let tries = 0; hostsIn(project.folder).length > 0 && tries < 100; tries += 1) await wait(100);
    expect(hostsIn(project.folder)).toEqual([]);
  });

  it('starts the process of the next stage ahead of time, goes on where that was killed, and leaves none', async () => {
    project = await Project.create({
      'pipeline.yaml': `stages:
  first: {uses: misbehave, with: {how: wait}}
  second: {uses: misbehave, with: {how: nothing}, in: {after: first}}
`,
      ...misbehave,
    });
    const child = project.start(['run']);
    const ended = once(child, 'exit');
    const waiting = (): string[] => {
      const working = existsSync(project.path('pid')) ? readFileSync(project.path('pid'), 'utf8') : undefined;
      return working === undefined ? [] : hostsIn(project.folder).filter((pid) => pid !== working);
    };
    while (waiting().length === 0) await wait(20);
    expect(waiting()).toHaveLength(1);
    process.kill(Number(waiting()[0]), 'SIGKILL');
    await project.write('go', '');
    expect(await ended).toEqual([0, null]);
    expect(await project.executions()).toEqual(['misbehave wait', 'misbehave nothing']);
    expect(hostsIn(project.folder)).toEqual([]);
  });

  it('leaves no process that waits for a stage which turns out to be cached', async () => {
    project = await Project.create({
      'pipeline.yaml': `stages:
  first: {uses: misbehave, with: {how: nothing}}
  second: {uses: misbehave, with: {how: nothing, mark: b}, in: {after: first}}
`,
      ...misbehave,
    });
    await project.run();
    await project.edit('pipeline.yaml', '{how: nothing}', '{how: nothing, mark: a}');
    const { ran, cached } = await project.run();
    expect([ran, cached]).toEqual([['first'], ['second']]);
    expect(hostsIn(project.folder)).toEqual([]);
  });

  it('runs nothing twice when two runs start together', async () => {
    project = await Project.create(wordsProject);
    const [first, second] = await Promise.all([project.run(), project.run()]);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect((await project.executions()).sort()).toEqual(
      ['join', 'upper a.txt', 'upper b.txt', 'words a.txt', 'words b.txt'].sort(),
    );
    const waited = [first, second].flatMap(({ events }) => events.filter(({ type }) => type === 'waiting'));
    expect(waited).toHaveLength(1);
  });

  it('takes over the lock of a run that is dead', async () => {
    project = await Project.create(wordsProject);
    const dead = spawn('true');
    await once(dead, 'exit');
    const holder = { pid: dead.pid, host: hostName(), run: 'gone', since: '', command: 'run', started: '1' };
    await project.write('artifacts/.cache/lock', JSON.stringify(holder));
    expect((await project.run()).code).toBe(0);
  });

  it('uses the result of a stage whose input changed meanwhile, and does not cache it', async () => {
    project = await Project.create(wordsProject);
    await project.write(
      'stages/words/words.ts',
      kinds.words['stages/words/words.ts'].replace(
        "if (text === 'broken')",
        `if (process.env.EDIT) appendFileSync(file.path, ' and more');
         if (text === 'broken')`,
      ),
    );
    process.env.EDIT = '1';
    const { code, events } = await project.run().finally(() => delete process.env.EDIT);
    expect(code).toBe(0);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'notice',
        stage: 'words',
        message: expect.stringMatching(
          /a\.txt and 1 more changed while the stage ran; its result is used in this run and not cached$/,
        ),
      }),
    );
    const again = await project.run();
    expect(again.rows.words).toEqual({ total: 2, computed: 2, reused: 0 });
    expect(JSON.parse(await project.read('artifacts/join/joined.json'))).toBe('ONE AND MORE! TWO AND MORE!');
  });

  it('names every broken row, and keeps the rows that are done', async () => {
    project = await Project.create({ ...wordsProject, 'data/c.txt': 'broken', 'data/d.txt': 'broken' });
    const { code, stderr } = await project.pipeline('run');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'c.txt: not a word\n  write another\nd.txt: not a word\n  write another\nwords: 2 of 4 rows failed\n',
    );
    await project.forgetExecutions();
    writeFileSync(project.path('data/c.txt'), 'three');
    writeFileSync(project.path('data/d.txt'), 'four');
    expect((await project.run()).rows.words).toEqual({ total: 4, computed: 2, reused: 2 });
  });

  it('leaves broken rows out by name where the stage says so', async () => {
    project = await Project.create({ ...wordsProject, 'data/c.txt': 'broken' });
    await project.edit('pipeline.yaml', '{uses: words}', '{uses: words, rowErrors: skip}');
    const { code, events } = await project.run();
    expect(code).toBe(0);
    expect(events).toContainEqual({
      type: 'stage-warning',
      stage: 'words',
      message: 'c.txt left out: not a word',
    });
    expect(JSON.parse(await project.read('artifacts/words/skipped.json'))).toEqual([
      { name: 'c.txt', reason: 'not a word' },
    ]);
    // The list goes with the rows.
    expect(await project.read('artifacts/upper/skipped.json')).toBe(
      await project.read('artifacts/words/skipped.json'),
    );
  });
});

/** Ids of the stages' processes that work in a folder. */
function hostsIn(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes('host.js') && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
}

function hostName(): string {
  return readFileSync('/proc/sys/kernel/hostname', 'utf8').trim();
}
