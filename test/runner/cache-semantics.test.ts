import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Project, wordsProject } from '../support/rig.ts';

/** Every claim here counts what the stages themselves noted when they ran. */
describe('the cache', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create(wordsProject);
    const { ran, stderr } = await project.run();
    expect({ ran, stderr }).toEqual({ ran: ['words', 'upper', 'join'], stderr: '' });
    await project.forgetExecutions();
  });

  afterEach(async () => {
    await project.remove();
  });

  it('runs nothing where nothing changed', async () => {
    const { code, ran, cached } = await project.run();
    expect({ code, ran, cached }).toEqual({ code: 0, ran: [], cached: ['words', 'upper', 'join'] });
    expect(await project.executions()).toEqual([]);
  });

  it('reruns a stage whose param changed and what depends on it, and nothing else', async () => {
    const { ran, cached, reasons } = await project.run('--set', 'upper.end=?');
    expect(ran).toEqual(['upper', 'join']);
    expect(cached).toEqual(['words']);
    expect(reasons.upper).toEqual(['params.end "!" → "?"']);
    expect(await project.executions()).toEqual(['upper a.txt', 'upper b.txt', 'join']);
    expect(JSON.parse(await project.read('artifacts/join/joined.json'))).toBe('ONE? TWO?');
  });

  it('takes a return to old params from the cache', async () => {
    await project.run('--set', 'upper.end=?');
    await project.forgetExecutions();
    expect((await project.run()).ran).toEqual([]);
    expect(JSON.parse(await project.read('artifacts/join/joined.json'))).toBe('ONE! TWO!');
    expect((await project.run('--set', 'upper.end=?')).ran).toEqual([]);
    expect(await project.executions()).toEqual([]);
  });

  it('takes a default that is written out for no change', async () => {
    await project.edit('pipeline.yaml', 'upper: {uses: upper,', 'upper: {uses: upper, with: {end: "!"},');
    expect((await project.run()).ran).toEqual([]);
  });

  it('reruns nothing for a comment, formatting, a type or a file that no stage imports', async () => {
    await project.edit('stages/upper/loud.ts', 'export', '// A comment.\nexport');
    await project.edit('stages/upper/loud.ts', ' => ', '\n  =>\n    ');
    await project.edit('stages/upper/loud.ts', 'text: string', 'text: Uppercase<string> | string');
    await project.write('stages/upper/notes.ts', 'export const unused = 1;\n');
    expect((await project.run()).ran).toEqual([]);
    expect(await project.executions()).toEqual([]);
  });

  it('reruns a stage when a module that it imports changes', async () => {
    await project.edit('stages/upper/loud.ts', 'text.toUpperCase()', "text.toUpperCase() + '-'");
    const { ran, reasons } = await project.run();
    expect(ran).toEqual(['upper', 'join']);
    expect(reasons.upper).toEqual(['code stages/upper/loud.ts changed']);
  });

  it('reruns a stage when a module deep in its imports changes', async () => {
    await project.write('stages/shared/deep.ts', 'export const mark = 1;\n');
    await project.edit('stages/upper/loud.ts', 'export', "import { mark } from '../shared/deep.ts';\nexport");
    await project.edit('stages/upper/loud.ts', 'text.toUpperCase()', 'text.toUpperCase() + mark');
    await project.run();
    await project.write('stages/shared/deep.ts', 'export const mark = 2;\n');
    expect((await project.run()).reasons.upper).toEqual(['code stages/shared/deep.ts changed']);
  });

  it('reruns a stage when an npm package that it imports has another version', async () => {
    const version = (number: string) =>
      project.write(
        'node_modules/exclaim/package.json',
        JSON.stringify({ name: 'exclaim', version: number, type: 'module', exports: './index.js' }),
      );
    await project.write('node_modules/exclaim/index.js', "export default '!!';\n");
    await version('1.0.0');
    await project.edit('stages/upper/loud.ts', 'export', "import end from 'exclaim';\nexport");
    await project.edit('stages/upper/loud.ts', 'text.toUpperCase()', 'text.toUpperCase() + end');
    // The kinds' own packages lie with the product; a folder of the project's own hides them.
    await project.link('node_modules/zod');
    expect((await project.run()).ran).toEqual(['upper', 'join']);
    await version('1.0.1');
    expect((await project.run()).reasons.upper).toEqual(['package exclaim 1.0.0 → 1.0.1']);
  });

  it('stops at a stage whose rerun gives the same contents', async () => {
    await project.edit('stages/upper/loud.ts', 'text.toUpperCase()', 'text.toUpperCase().toUpperCase()');
    const { ran, cached } = await project.run();
    expect(ran).toEqual(['upper']);
    expect(cached).toEqual(['words', 'join']);
  });

  it('computes only the row of a file that was added', async () => {
    await project.write('data/c.txt', 'three');
    const { ran, rows } = await project.run();
    expect(ran).toEqual(['words', 'upper', 'join']);
    expect(rows).toEqual({
      words: { total: 3, computed: 1, reused: 2 },
      upper: { total: 3, computed: 1, reused: 2 },
    });
    expect(await project.executions()).toEqual(['words c.txt', 'upper c.txt', 'join']);
    expect(JSON.parse(await project.read('artifacts/join/joined.json'))).toBe('ONE! TWO! THREE!');
  });

  it('computes only the row of a file that was edited', async () => {
    await project.write('data/b.txt', 'deux');
    expect((await project.run()).rows.upper).toEqual({ total: 2, computed: 1, reused: 1 });
    expect(await project.executions()).toEqual(['words b.txt', 'upper b.txt', 'join']);
  });

  it('stops a change of a file that leaves its row as it was', async () => {
    await project.write('data/b.txt', 'two\n');
    const { ran, rows } = await project.run();
    expect(ran).toEqual(['words', 'upper']);
    expect(rows.upper).toEqual({ total: 2, computed: 0, reused: 2 });
    expect(await project.executions()).toEqual(['words b.txt']);
  });

  it('computes nothing when a file is removed, and nothing when it comes back', async () => {
    const text = await project.read('data/b.txt');
    await project.delete('data/b.txt');
    expect((await project.run()).rows.upper).toEqual({ total: 1, computed: 0, reused: 1 });
    await project.write('data/b.txt', text);
    expect((await project.run()).ran).toEqual([]);
    expect(await project.executions()).toEqual(['join']);
  });

  it('reruns what --force names though it is cached', async () => {
    expect((await project.run('--force')).ran).toEqual(['words', 'upper', 'join']);
    expect(await project.executions()).toContain('join');
  });

  it('reruns from a stage on, with upstream from the cache', async () => {
    const { ran, reasons } = await project.run('--from', 'upper');
    expect(ran).toEqual(['upper', 'join']);
    expect(reasons.join).toEqual(['forced by --from upper']);
  });
});
