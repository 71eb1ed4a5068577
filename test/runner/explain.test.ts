import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { changes, inShort } from '../../runner/plan/explain.ts';
import { deltaSentence } from '../../runner/plan/row-delta.ts';
import { kinds, Project, wordsProject } from '../support/rig.ts';

const digest = 'f'.repeat(64);
const other = 'e'.repeat(64);

describe('a change of a fingerprint', () => {
  it.each([
    ['params.coefficients', '40', '13', 'params.coefficients 40 → 13'],
    ['params.name', '"a"', '"b"', 'params.name "a" → "b"'],
    ['params.loss.gamma', undefined, '2', 'params.loss.gamma unset → 2'],
    ['params.loss.gamma', '2', undefined, 'params.loss.gamma 2 → unset'],
    ['params.date', 'null', '"2026-01-01"', 'params.date null → "2026-01-01"'],
    ['code.stages/mfcc/mel.ts', digest, other, 'code stages/mfcc/mel.ts changed'],
    ['code.stages/mfcc/mel.ts', undefined, other, 'code stages/mfcc/mel.ts added'],
    ['code.stages/mfcc/mel.ts', digest, undefined, 'code stages/mfcc/mel.ts removed'],
    ['packages.@tensorflow/tfjs-node', '4.21.0', '4.22.0', 'package @tensorflow/tfjs-node 4.21.0 → 4.22.0'],
    ['packages.pngjs', undefined, '7.0.0', 'package pngjs not used → 7.0.0'],
    ['packages.pngjs', '7.0.0', undefined, 'package pngjs 7.0.0 → not used'],
    ['files.data/ravdess', digest, other, 'files data/ravdess changed'],
    ['files.data/ravdess', undefined, other, 'files data/ravdess added'],
    ['files.data/ravdess', digest, undefined, 'files data/ravdess removed'],
    ['files.data/ravdess', digest, 'missing', 'files data/ravdess are gone'],
    ['files.data/ravdess', undefined, 'missing', 'files data/ravdess are not there'],
    ['files.data/ravdess', 'missing', digest, 'files data/ravdess added'],
    ['inputs.clips', digest, other, 'input clips changed'],
    ['inputs.split', `split@${digest}`, `split@${other}`, 'input split changed'],
    ['inputs.split', `split@${digest}`, `folds@${digest}`, 'input split split → folds'],
    ['inputs.models.train[cnn,mfcc]', digest, other, 'input models.train[cnn,mfcc] changed'],
    ['inputs.models.train[cnn,mfcc]', undefined, other, 'input models.train[cnn,mfcc] added'],
    ['inputs.models.train[cnn,mfcc]', digest, undefined, 'input models.train[cnn,mfcc] removed'],
    ['kind', 'train/cnn', 'train/lstm', 'kind train/cnn → train/lstm'],
    ['kind', undefined, 'train/lstm', 'kind none → train/lstm'],
    ['command', '"a"', '"b"', 'command "a" → "b"'],
    ['command', '"a"', undefined, 'command "a" → none'],
    ['outs', '["a"]', '["b"]', 'outs changed'],
    ['rowErrors', undefined, 'skip', 'rowErrors added'],
    ['rowErrors', 'skip', undefined, 'rowErrors removed'],
    ['format', '1', '2', 'format changed'],
  ])('%s from %s to %s', (part, before, after, sentence) => {
    const found = changes(
      before === undefined ? {} : { [part]: before },
      after === undefined ? {} : { [part]: after },
    );
    expect(found).toEqual([{ part, before, after, sentence }]);
  });

  it('comes in the order of what a user most likely did', () => {
    const before = {
      'inputs.x': '1',
      'files.d': '1',
      'packages.p': '1',
      'code.c': '1',
      'params.b': '1',
      'params.a': '1',
      kind: 'k',
    };
    const after = Object.fromEntries(Object.keys(before).map((part) => [part, '2']));
    expect(changes(before, after).map(({ part }) => part)).toEqual([
      ...['kind', 'params.a', 'params.b', 'code.c', 'packages.p', 'files.d', 'inputs.x'],
    ]);
  });

  it('is told with three others at most where there is one line', () => {
    expect(inShort(['a', 'b', 'c'])).toBe('a; b; c');
    expect(inShort(['a', 'b', 'c', 'd', 'e'])).toBe('a; b; c; and 2 more');
  });
});

describe('a change of rows', () => {
  const none = { added: [], changed: [], removed: [], reused: undefined };

  it.each([
    [{ ...none, noun: 'file', added: ['c.wav'], reused: 1440 }, '1 file added (c.wav), 1440 rows reused'],
    [{ ...none, noun: 'file', changed: ['a', 'b'], reused: 1 }, '2 files changed (a, b), 1 row reused'],
    [{ ...none, noun: 'row', removed: ['a'], reused: 0 }, '1 row removed (a), 0 rows reused'],
    [{ ...none, noun: 'row', added: ['a', 'b', 'c', 'd'] }, '4 rows added (a, b, c, …)'],
    [
      { noun: 'file', added: ['a'], changed: ['b'], removed: ['c', 'd'], reused: 7 },
      '1 file added (a), 1 file changed (b), 2 files removed (c, d), 7 rows reused',
    ],
  ] as const)('%j', (delta, sentence) => {
    expect(deltaSentence(delta)).toBe(sentence);
  });
});

/** A stage of every sort on the words: rows, a whole table, a command. */
const files = {
  ...wordsProject,
  'pipeline.yaml': `stages:
  words: {uses: words}
  upper: {uses: upper, in: {words: words}}
  join: {uses: join, in: {texts: [upper]}}
  sum: {run: "cat artifacts/join/joined.json settings.ini > sum.txt", in: {texts: join}, deps: [settings.ini], outs: [sum.txt]}
`,
  'settings.ini': 'a = 1',
  ...kinds.words,
};

describe('the sentence of a stage', () => {
  let project: Project;
  let run: string;

  beforeAll(async () => {
    project = await Project.create(files);
    const { code, events } = await project.run();
    expect(code).toBe(0);
    run = events.flatMap((event) => (event.type === 'run-started' ? [event.run] : []))[0];
  });

  afterAll(async () => {
    await project.remove();
  });

  const originals = Object.entries(files);
  beforeEach(async () => {
    for (const [name, content] of originals) {
      if (!name.startsWith('stages/') || (await project.read(name)) !== content)
        await project.write(name, content);
    }
  });

  afterEach(() => {
    for (const name of ['data/c.txt', 'stages/upper/more.ts']) {
      rmSync(project.path(name), { force: true });
    }
  });

  const status = async (...args: string[]): Promise<string[]> =>
    (await project.pipeline('status', ...args)).stdout.trimEnd().split('\n');
  const explain = async (stage: string, ...args: string[]): Promise<string> =>
    (await project.pipeline('explain', stage, ...args)).stdout.trimEnd();

  it('names the run that made it where it is cached', async () => {
    expect(await status()).toEqual([
      `words: cached, made by run ${run}`,
      `upper: cached, made by run ${run}`,
      `join: cached, made by run ${run}`,
      `sum: cached, made by run ${run}`,
      'everything is up to date',
    ]);
    expect(await explain('join')).toBe(`join: cached, made by run ${run}`);
  });

  it('names params, and whom others wait for', async () => {
    expect(await status('--set', 'upper.times=2', '--set', 'upper.end="?"')).toEqual([
      `words: cached, made by run ${run}`,
      'upper: params.end "!" → "?"; params.times 1 → 2',
      'join: waits for upper',
      'sum: waits for join',
      '3 of 4 stages are not up to date',
    ]);
    expect(await explain('join', '--set', 'upper.times=2', '--set', 'join.between=-')).toBe(
      'join: params.between " " → "-"; waits for upper',
    );
  });

  it('names modules that are changed, added and removed', async () => {
    await project.edit('stages/upper/loud.ts', 'text.toUpperCase()', "text.toUpperCase() + ''");
    expect(await explain('upper')).toBe('upper: code stages/upper/loud.ts changed');
    await project.write('stages/upper/more.ts', "export * from './loud.ts';\n");
    await project.write('stages/upper/loud.ts', files['stages/upper/loud.ts']);
    await project.edit('stages/upper/upper.ts', './loud.ts', './more.ts');
    expect(await explain('upper')).toBe(
      'upper: code stages/upper/more.ts added; code stages/upper/upper.ts changed',
    );
    await project.write('stages/upper/more.ts', 'export const loud = (text) => text;\n');
    expect(await explain('upper')).toBe(
      'upper: code stages/upper/loud.ts removed; code stages/upper/more.ts added; code stages/upper/upper.ts changed',
    );
  });

  it('names files that are added, changed and removed, and counts the rows that are reused', async () => {
    await project.write('data/c.txt', 'three');
    expect(await status()).toEqual([
      'words: 1 file added (c.txt), 2 rows reused',
      'upper: 1 file added (c.txt), 2 rows reused; waits for words',
      'join: waits for upper',
      'sum: waits for join',
      '4 of 4 stages are not up to date',
    ]);
    await project.write('data/a.txt', 'eins');
    rmSync(project.path('data/b.txt'));
    expect(await explain('words')).toBe(
      'words: 1 file added (c.txt), 1 file changed (a.txt), 1 file removed (b.txt), 0 rows reused',
    );
  });

  it('counts no row as reused where what is done to rows has changed too', async () => {
    await project.write('data/c.txt', 'three');
    await project.edit('stages/words/words.ts', '.trim()', '.trim().trim()');
    expect(await explain('words')).toBe('words: code stages/words/words.ts changed; 1 file added (c.txt)');
  });

  it('names the files of a command', async () => {
    await project.write('settings.ini', 'a = 2');
    expect(await explain('sum')).toBe('sum: files settings.ini changed');
    rmSync(project.path('settings.ini'));
    expect(await explain('sum')).toBe('sum: would fail: the dep settings.ini is not there');
  });

  it('names inputs that are others', async () => {
    await project.edit('pipeline.yaml', 'texts: [upper]', 'texts: [words, upper]');
    expect(await explain('join')).toBe('join: input texts changed; input texts.words added');
    await project.edit('pipeline.yaml', 'texts: [words, upper]', 'texts: [words]');
    expect(await explain('join')).toBe(
      'join: input texts changed; input texts.upper removed; input texts.words added',
    );
    await project.edit('pipeline.yaml', 'in: {texts: join}', 'in: {texts: upper}');
    expect(await explain('sum')).toBe('sum: input texts join → upper');
  });

  it('names what kind a stage was', async () => {
    await project.edit('pipeline.yaml', 'sum: {run: ', 'sum: {run: "true ;" ');
    await project.write(
      'pipeline.yaml',
      files['pipeline.yaml'].replace(
        '{uses: join, in: {texts: [upper]}}',
        '{run: "cp settings.ini j", in: {texts: upper}, outs: [j]}',
      ),
    );
    const [first] = (await explain('join')).split('; ');
    expect(first).toBe('join: kind join → none');
  });

  it('says that a stage never ran', async () => {
    await project.edit(
      'pipeline.yaml',
      '  join:',
      '  again: {uses: upper, in: {words: words}, with: {end: "#"}}\n  join:',
    );
    await project.edit('pipeline.yaml', '[upper]', '[upper]}}\n  after: {uses: join, in: {texts: [again]');
    expect((await status()).filter((line) => /^(again|after)/.test(line))).toEqual([
      'again: never ran',
      'after: never ran; waits for again',
    ]);
  });

  it('says what is left out and why', async () => {
    await project.edit(
      'pipeline.yaml',
      '{uses: join, ',
      '{uses: join, when: between, with: {between: null}, ',
    );
    expect((await status()).slice(2)).toEqual([
      'join: left out, param between is null',
      'sum: left out, needs join, which is left out',
      'everything is up to date',
    ]);
  });

  it('says what forces a stage, in a dry run as in a run', async () => {
    const dry = async (...args: string[]): Promise<string> =>
      (await project.pipeline('run', '--dry-run', ...args)).stdout;
    expect(await dry('--from', 'join')).toBe('join: forced by --from join\nsum: forced by --from join\n');
    expect(await dry('--only', 'join')).toBe('join: forced by --only join\n');
    expect(await dry('--force', 'words')).toBe('words: forced by --force\n');
    expect(await dry('words')).toBe(`words: cached, made by run ${run}\n`);
    expect((await project.run('--only', 'words')).reasons).toEqual({ words: ['forced by --only words'] });
    expect((await project.run('--force', 'words')).reasons).toEqual({ words: ['forced by --force'] });
  });

  it('is given to programs as JSON', async () => {
    await project.write('data/c.txt', 'three');
    const key = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(JSON.parse((await status('--json')).join('\n'))).toEqual({
      stages: [
        { stage: 'words', state: 'stale', key, reasons: ['1 file added (c.txt), 2 rows reused'] },
        { stage: 'upper', state: 'waiting', on: ['words'], reasons: ['1 file added (c.txt), 2 rows reused'] },
        { stage: 'join', state: 'waiting', on: ['upper'], reasons: [] },
        { stage: 'sum', state: 'waiting', on: ['join'], reasons: [] },
      ],
      leftOut: [],
    });
    expect(JSON.parse(await explain('words', '--json'))).toEqual({
      stage: 'words',
      state: 'stale',
      key,
      reasons: ['1 file added (c.txt), 2 rows reused'],
      fingerprint: expect.objectContaining({ kind: 'words', 'params.root': '"data"' }),
    });
    const dry = (await project.pipeline('run', '--dry-run', '--json', '--until', 'words')).stdout;
    expect(JSON.parse(dry)).toEqual({
      type: 'stage-planned',
      stage: 'words',
      state: 'stale',
      key,
      forced: false,
      reasons: ['1 file added (c.txt), 2 rows reused'],
    });
  });
});

describe('the sentence of a stage whose artifact is not as it was', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create(files);
    await project.run();
  });

  afterEach(async () => {
    await project.remove();
  });

  it('names the version of a package', async () => {
    await project.link('node_modules/zod');
    const version = (number: string) =>
      project.write(
        'node_modules/exclaim/package.json',
        JSON.stringify({ name: 'exclaim', version: number, exports: './i.js' }),
      );
    await project.write('node_modules/exclaim/i.js', 'module.exports = 1;\n');
    await version('1.0.0');
    await project.edit('stages/upper/loud.ts', 'export', "import 'exclaim';\nexport");
    expect((await project.pipeline('explain', 'upper')).stdout).toBe(
      'upper: code stages/upper/loud.ts changed; package exclaim not used → 1.0.0\n',
    );
    await project.run();
    await version('2.0.0');
    expect((await project.pipeline('explain', 'upper')).stdout).toBe(
      'upper: package exclaim 1.0.0 → 2.0.0\n',
    );
  });

  it('names rows that are added, changed and removed by a stage before', async () => {
    // Its rows are there, so that its own key is known; whoever needs it sees rows and no files.
    await project.write('data/c.txt', 'three');
    await project.write('data/a.txt', 'eins');
    await project.delete('data/b.txt');
    await project.run('--until', 'words');
    expect((await project.pipeline('explain', 'upper')).stdout).toBe(
      'upper: 1 row added (c.txt), 1 row changed (a.txt), 1 row removed (b.txt), 0 rows reused\n',
    );
  });

  it('says that it is damaged, or no longer there', async () => {
    const entry = JSON.parse((await project.pipeline('explain', 'join', '--json')).stdout) as { key: string };
    const path = `artifacts/.cache/keys/${entry.key.slice(0, 2)}/${entry.key}.json`;
    const { manifest } = JSON.parse(await project.read(path)) as {
      manifest: { files: { sha256: string }[] };
    };
    const [{ sha256 }] = manifest.files;
    await project.delete(`artifacts/.cache/objects/${sha256.slice(0, 2)}/${sha256}`);
    expect((await project.pipeline('explain', 'join')).stdout).toBe(
      'join: its artifact is damaged in the cache\n',
    );
    await project.delete(path);
    expect((await project.pipeline('explain', 'join')).stdout).toBe(
      'join: its artifact is no longer in the cache\n',
    );
  });
});
