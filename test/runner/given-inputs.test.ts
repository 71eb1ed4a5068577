import { afterEach, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { Project, wordsProject } from '../support/rig.ts';

const notCached = (file: string): string =>
  `${file} changed while the stage ran; its result is used in this run and not cached`;

describe('what a command is given', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  /** `gen` makes g.txt; `use` does with it what `command` says. */
  async function withUse(command: string, more = ''): Promise<void> {
    project = await Project.create({
      'pipeline.yaml': `stages:
  gen: {run: 'echo gen >> counts; echo clean > g.txt', outs: [g.txt]}
  use: {run: ${JSON.stringify(`echo use >> counts; ${command}`)}, in: {g: gen}, outs: [o.txt]${more}}
`,
    });
  }

  const notices = (events: readonly { type: string; message?: string }[]): unknown =>
    events.flatMap(({ type, message }) => (type === 'notice' ? [message] : []));

  it.each([
    ['artifacts/', 'artifacts/gen/g.txt', 'cat artifacts/gen/g.txt > o.txt'],
    ['the outs', 'g.txt', 'cat g.txt > o.txt'],
  ])('is not cached as made from it where it is edited in %s meanwhile', async (_where, file, read) => {
    await withUse(`if [ "$EDIT" ]; then echo edited > ${file}; fi; ${read}`);
    process.env.EDIT = '1';
    const edited = await project.run().finally(() => delete process.env.EDIT);
    expect(edited.code).toBe(0);
    expect(notices(edited.events)).toContain(notCached(file));
    // An edited out is a person's to take away.
    if (file === 'g.txt') {
      expect((await project.run()).code).toBe(2);
      await project.delete(file);
    }
    const { ran } = await project.run();
    expect(ran).toEqual(['use']);
    expect(await project.read('o.txt')).toBe('clean\n');
    expect((await project.run()).ran).toEqual([]);
    expect(await project.executions()).toEqual(['gen', 'use', 'use']);
  });

  it('is not cached where it is edited and put back', async () => {
    await withUse(
      'cd artifacts/gen; cp -p g.txt ../x; echo e > g.txt; cat g.txt > ../../o.txt; cp -p ../x g.txt',
    );
    const { events } = await project.run();
    expect(notices(events)).toContain(notCached('artifacts/gen/g.txt'));
    expect((await project.run()).ran).toEqual(['use']);
  });

  it('is not cached where it is removed', async () => {
    await withUse('cat artifacts/gen/g.txt > o.txt; rm artifacts/gen/g.txt');
    expect(notices((await project.run()).events)).toContain(notCached('artifacts/gen/g.txt'));
    expect((await project.run()).ran).toEqual(['use']);
  });

  it('is not cached where something else lies there, and says what', async () => {
    await withUse('cat artifacts/gen/* > o.txt');
    await project.run();
    await project.write('artifacts/gen/more.txt', 'mine\n');
    await project.edit('pipeline.yaml', 'use >> counts', 'use  >> counts');
    const stray =
      'no stage has made artifacts/gen/more.txt, which lies among what this stage reads; its result is used in this run and not cached. Move it elsewhere';
    for (const time of ['first', 'second']) {
      const { ran, events } = await project.run();
      expect({ time, ran }).toEqual({ time, ran: ['use'] });
      expect(notices(events)).toContain(stray);
      expect(await project.read('o.txt')).toBe('clean\nmine\n');
    }
    await project.delete('artifacts/gen/more.txt');
    expect((await project.run()).ran).toEqual(['use']);
    expect(await project.read('o.txt')).toBe('clean\n');
    expect((await project.run()).ran).toEqual([]);
  });

  it('is fresh for each attempt', async () => {
    await withUse(
      'cat artifacts/gen/g.txt > o.txt; if [ ! -e tried ]; then touch tried; echo bad > artifacts/gen/g.txt; exit 1; fi',
      ', retries: 1',
    );
    const { code, ran } = await project.run();
    expect({ code, ran }).toEqual({ code: 0, ran: ['gen', 'use'] });
    expect(await project.read('o.txt')).toBe('clean\n');
    expect((await project.run()).ran).toEqual([]);
  });

  it('is not what an earlier stage has done to it', async () => {
    project = await Project.create({
      'pipeline.yaml': `stages:
  gen: {run: 'echo clean > g.txt', outs: [g.txt]}
  spoil: {run: 'echo bad > artifacts/gen/g.txt; echo bad > g.txt; echo > s.txt', in: {g: gen}, outs: [s.txt]}
  use: {run: 'cat g.txt artifacts/gen/g.txt > o.txt', in: {g: gen, after: spoil}, outs: [o.txt]}
`,
    });
    const { code, ran, events } = await project.run();
    expect({ code, ran }).toEqual({ code: 0, ran: ['gen', 'spoil', 'use'] });
    expect(notices(events)).toContain(notCached('artifacts/gen/g.txt and 1 more'));
    expect(await project.read('o.txt')).toBe('clean\nclean\n');
    // `spoil` is not cached, `use` is: what it was given was as it should be.
    expect((await project.run()).ran).toEqual(['spoil']);
  });
});

/** A row function that reads a file, which it may change itself before it does. */
const tagged = {
  'pipeline.yaml': `stages:
  words: {uses: words}
  tag: {uses: tag, in: {words: words}}
  join: {uses: join, in: {texts: [tag]}}
`,
  'tag.txt': 'right',
  'stages/tag/index.ts': `
    import { z } from 'zod';
    import { defineRowKind } from 'pipeline/kind';
    export default defineRowKind({
      name: 'tag', summary: 'Words with a tag', params: z.strictObject({}), input: 'words',
      files: () => ['tag.txt'], load: () => import('./tag.ts'),
    });`,
  'stages/tag/tag.ts': `
    import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
    export const setup = () => {
      if (process.env.EDIT) writeFileSync('tag.txt', process.env.EDIT);
      const tag = readFileSync('tag.txt', 'utf8');
      return {
        columns: { text: { type: 'utf8' } },
        run({ id, cells }) {
          if (process.env.FAIL && id === 'b.txt') throw new Error('no');
          appendFileSync(process.env.COUNTS, 'tag ' + id + '\\n');
          return { text: cells.text + ' ' + tag };
        },
      };
    };`,
};

describe('rows made from a file', () => {
  let project: Project;

  afterEach(async () => {
    delete process.env.EDIT;
    delete process.env.FAIL;
    await project.remove();
  });

  const joined = async (): Promise<unknown> => JSON.parse(await project.read('artifacts/join/joined.json'));

  it.each([
    ['was changed meanwhile', {}],
    ['was changed meanwhile, in a run that failed', { FAIL: '1' }],
  ])('that %s and put back since are not taken again', async (_when, env) => {
    project = await Project.create({ ...wordsProject, ...tagged });
    await project.run('words');
    await project.forgetExecutions();
    Object.assign(process.env, { EDIT: 'wrong', ...env });
    await project.run();
    delete process.env.EDIT;
    delete process.env.FAIL;
    writeFileSync(project.path('tag.txt'), 'right');
    await project.forgetExecutions();
    const { rows } = await project.run();
    expect(rows.tag).toEqual({ total: 2, computed: 2, reused: 0 });
    expect(await project.executions()).toEqual(['tag a.txt', 'tag b.txt', 'join']);
    expect(await joined()).toBe('one right two right');
  });

  it('that was not touched are taken again from a run that failed', async () => {
    project = await Project.create({ ...wordsProject, ...tagged });
    process.env.FAIL = '1';
    expect((await project.run()).failed).toEqual(['tag']);
    delete process.env.FAIL;
    expect((await project.run()).rows.tag).toEqual({ total: 2, computed: 1, reused: 1 });
    expect(await joined()).toBe('one right two right');
  });
});

describe('rows of a stage that is forced', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  it('are computed anew, unless only the stages are forced', async () => {
    project = await Project.create(wordsProject);
    await project.run();
    const all = { total: 2, computed: 2, reused: 0 };
    const none = { total: 2, computed: 0, reused: 2 };
    expect((await project.run('--force')).rows).toEqual({ words: all, upper: all });
    expect((await project.run('--from', 'upper')).rows).toEqual({ upper: all });
    await project.forgetExecutions();
    const kept = await project.run('--force=stages');
    expect(kept.rows).toEqual({ words: none, upper: none });
    expect(kept.reasons.words).toEqual(['forced by --force=stages']);
    expect(await project.executions()).toEqual(['join']);
    const { code, stderr } = await project.pipeline('run', '--force=rows');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        '--force takes no value but stages, not "rows"\n' +
        '  --force computes every row anew; --force=stages takes rows that were made before.\n',
    });
  });
});
