import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, statSync } from 'node:fs';
import { kinds, Project } from '../support/rig.ts';

/** A command that tells what it was given, and notes that it ran. */
const script = `
  import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
  const { PIPELINE_STAGE: stage, PIPELINE_THREADS: threads, COUNTS } = process.env;
  const params = JSON.parse(process.env.PIPELINE_PARAMS);
  const inputs = JSON.parse(process.env.PIPELINE_INPUTS);
  appendFileSync(COUNTS, 'command ' + stage + '\\n');
  const files = readdirSync(inputs.words[0]).sort();
  writeFileSync('out/told.json', JSON.stringify({ stage, threads, params, inputs, files }));
  mkdirSync('more/inner', { recursive: true });
  writeFileSync('more/inner/note.txt', params.note ?? 'none');
  writeFileSync('more/always.txt', 'always');
  console.log('it has run');
`;

const files = {
  'pipeline.yaml': `stages:
  words: {uses: words}
  tell:
    run: node tell.mjs
    in: {words: words}
    deps: [tell.mjs, settings]
    outs: [out/told.json, more]
    with: {scale: 2, deep: {list: [1, null, "ü\\n"]}}
`,
  'tell.mjs': script,
  'settings/a.ini': 'a = 1',
  'data/a.txt': 'one',
  ...kinds.words,
};

describe('a command stage', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  const started = async (): Promise<void> => {
    project = await Project.create(files);
    const { code, stderr } = await project.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await project.forgetExecutions();
  };

  it('is noticed when it ends however short it is', async () => {
    project = await Project.create({
      'pipeline.yaml': 'stages:\n  short: {run: "echo hi > out.txt", outs: [out.txt]}\n',
    });
    const { code, ran } = await project.run();
    expect({ code, ran }).toEqual({ code: 0, ran: ['short'] });
    expect(await project.read('artifacts/short/out.txt')).toBe('hi\n');
  });

  it('gets its name, params, inputs and threads in the environment, and its outs are kept', async () => {
    await started();
    expect(JSON.parse(await project.read('artifacts/tell/out/told.json'))).toEqual({
      stage: 'tell',
      threads: '1',
      params: { scale: 2, deep: { list: [1, null, 'ü\n'] } },
      inputs: { words: ['artifacts/words'] },
      files: ['excluded.json', 'table.arrow'],
    });
    expect(await project.read('artifacts/tell/more/inner/note.txt')).toBe('none');
    const [record] = JSON.parse((await project.pipeline('runs', '--json')).stdout) as { id: string }[];
    expect(await project.read(`artifacts/.cache/runs/${record.id}/logs/tell.log`)).toBe('it has run\n');
  });

  it('is cached, and runs again for a change of its command, params, deps or inputs', async () => {
    await started();
    expect((await project.run()).cached).toEqual(['words', 'tell']);
    const reasonsAfter = async (edit: () => Promise<void>): Promise<unknown> => {
      await edit();
      return (await project.run()).reasons.tell;
    };
    expect(
      await reasonsAfter(() => project.edit('pipeline.yaml', 'node tell.mjs', 'node ./tell.mjs')),
    ).toEqual(['command "node tell.mjs" → "node ./tell.mjs"']);
    expect(await reasonsAfter(() => project.edit('pipeline.yaml', 'scale: 2', 'scale: 3'))).toEqual([
      'params.scale 2 → 3',
    ]);
    expect(await reasonsAfter(() => project.write('settings/a.ini', 'a = 2'))).toEqual([
      'files settings changed',
    ]);
    expect(await reasonsAfter(() => project.write('data/b.txt', 'two'))).toEqual(['input words changed']);
    expect(await project.executions()).toEqual([
      ...['command tell', 'command tell', 'command tell'],
      ...['words b.txt', 'command tell'],
    ]);
    await project.edit('pipeline.yaml', 'scale: 3', 'scale: 2');
    await project.edit('pipeline.yaml', 'node ./tell.mjs', 'node tell.mjs');
    await project.write('settings/a.ini', 'a = 1');
    await project.delete('data/b.txt');
    expect((await project.run()).ran).toEqual([]);
  });

  it('has its outs put back where they are gone, edited or of other params, and says what had been edited', async () => {
    await started();
    await project.write('out/told.json', '{}');
    await project.delete('more/inner');
    await project.write('more/stray.txt', 'of nobody');
    const { ran, events } = await project.run();
    expect(ran).toEqual([]);
    expect(await project.read('out/told.json')).toBe(await project.read('artifacts/tell/out/told.json'));
    expect(await project.read('more/inner/note.txt')).toBe('none');
    expect(existsSync(project.path('more/stray.txt'))).toBe(false);
    expect(events).toContainEqual({
      type: 'notice',
      stage: 'tell',
      message: 'out/told.json had been edited; it is again what the stage made',
    });
    expect(events).toContainEqual({
      type: 'notice',
      stage: 'tell',
      message: 'more/stray.txt is none of what the stage made; it is removed',
    });
    await project.run('--set', 'tell.note=other');
    expect(await project.read('more/inner/note.txt')).toBe('other');
    const back = await project.run();
    expect(back.ran).toEqual([]);
    expect(back.events.filter(({ type }) => type === 'notice')).toEqual([]);
    expect(await project.read('more/inner/note.txt')).toBe('none');
  });

  it('leaves outs alone that are as it made them', async () => {
    await started();
    await project.run();
    const identity = (): unknown => {
      const { ino, ctimeNs } = statSync(project.path('out/told.json'), { bigint: true });
      return { ino, ctimeNs };
    };
    const before = identity();
    await project.run();
    expect(identity()).toEqual(before);
  });

  it('reads what upstream made, not what somebody wrote over it in artifacts/', async () => {
    await started();
    await project.write('artifacts/words/stray.txt', 'of nobody');
    await project.delete('artifacts/words/table.arrow');
    expect((await project.run('--only', 'tell')).code).toBe(0);
    const told = JSON.parse(await project.read('out/told.json')) as { files: string[] };
    expect(told.files).toContain('table.arrow');
  });

  it('fails by name where an out is not made, and leaves none of an earlier time', async () => {
    await started();
    await project.write('tell.mjs', 'console.log("nothing");');
    const { code, stderr } = await project.pipeline('run');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'tell: it ended with code 0 but did not make out/told.json, more\n  Let the command write its outs, or correct "outs:" in pipeline.yaml.\n',
    );
    expect(existsSync(project.path('out/told.json'))).toBe(false);
  });

  it('has what it linked to as its out, not the link', async () => {
    project = await Project.create({
      'pipeline.yaml': 'stages:\n  link: {run: "ln -s ../mine.txt out/link.txt", outs: [out/link.txt]}\n',
      'mine.txt': 'mine',
    });
    const before = statSync(project.path('mine.txt'));
    expect((await project.run()).code).toBe(0);
    await project.write('mine.txt', 'changed');
    expect(await project.read('artifacts/link/out/link.txt')).toBe('mine');
    expect(statSync(project.path('mine.txt')).mode).toBe(before.mode);
    expect((await project.pipeline('verify')).code).toBe(0);
  });

  it('refuses outs that are not its own', async () => {
    project = await Project.create({
      'pipeline.yaml': `stages:
  away: {run: "true", outs: [../away.txt, ., artifacts/x, /etc/x]}
  twice: {run: "true", matrix: {n: [1, 2]}, outs: [twice.txt, "own-\${n}.txt"]}
  inner: {run: "true", outs: [own-1.txt/deep]}
`,
    });
    const { code, stderr } = await project.pipeline('run');
    expect(code).toBe(2);
    const messages = stderr.split('\n').filter((line) => line.startsWith('pipeline.yaml:'));
    expect(messages).toEqual([
      'pipeline.yaml:2:30: ../away.txt lies outside the folder of pipeline.yaml',
      'pipeline.yaml:2:43: . is the folder of pipeline.yaml',
      'pipeline.yaml:2:46: artifacts/x lies in artifacts/',
      'pipeline.yaml:2:59: /etc/x lies outside the folder of pipeline.yaml',
      'pipeline.yaml:3:52: twice.txt is an out of twice[1] too',
      'pipeline.yaml:4:31: own-1.txt/deep is an out of twice[1] too, which makes own-1.txt',
    ]);
  });
});
