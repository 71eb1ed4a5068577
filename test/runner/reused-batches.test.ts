import { cp, readFile, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kinds, Project } from '../support/rig.ts';

/** More than three batches of the table. */
const words = 100;
const nameOf = (at: number): string => `data/${String(at).padStart(3, '0')}.txt`;

describe('a table most of whose rows were made before', () => {
  let project: Project;
  beforeEach(async () => {
    const files = Array.from({ length: words }, (_, at) => [nameOf(at), `word ${at}`] as const);
    project = await Project.create({
      ...kinds.words,
      ...kinds.upper,
      ...Object.fromEntries(files),
      'pipeline.yaml': 'stages:\n  words: {uses: words}\n  upper: {uses: upper, in: {words: words}}\n',
    });
    expect((await project.run()).code).toBe(0);
  });
  afterEach(() => project.remove());

  const tables = (of: Project) =>
    Promise.all(
      ['words', 'upper'].map((stage) => readFile(of.path(`artifacts/${stage}/table.arrow`), 'base64')),
    );

  const edits: [string, number, () => Promise<void>][] = [
    ['one in the middle is changed', 1, () => project.write(nameOf(50), 'other')],
    ['one becomes longer', 1, () => project.write(nameOf(0), 'much longer '.repeat(30))],
    ['the last is changed', 1, () => project.write(nameOf(99), 'other')],
    ['one comes before all', 1, () => project.write('data/-.txt', 'first')],
    ['one comes after all', 1, () => project.write(nameOf(100), 'last')],
    ['the first is removed', 0, () => project.delete(nameOf(0))],
    [
      'the last are removed',
      0,
      () => Promise.all([97, 98, 99].map((at) => project.delete(nameOf(at)))).then(),
    ],
    [
      'a whole batch is removed',
      0,
      async () => {
        for (let at = 32; at < 64; at += 1) await project.delete(nameOf(at));
      },
    ],
  ];
  it.each(edits)('is that of a first run, byte by byte, where %s', async (_, computed, edit) => {
    await edit();
    const { code, rows } = await project.run();
    expect(code).toBe(0);
    expect([rows.words.computed, rows.upper.computed]).toEqual([computed, computed]);

    const fresh = await Project.create({});
    await cp(project.folder, fresh.folder, { recursive: true });
    for (const state of ['.pipeline', 'artifacts'])
      await rm(fresh.path(state), { recursive: true, force: true });
    expect((await fresh.run()).rows.upper.reused).toBe(0);
    expect(await tables(project)).toEqual(await tables(fresh));
    await fresh.remove();
  });
});
