import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Project } from '../support/rig.ts';

/** A command that says that it ran, in a file that is no part of its key. */
const counting = (name: string, command: string): string => `echo ${name} >> "$COUNTS"; ${command}`;

/** A kind that writes one value of a module. */
const kind = (module: string): Record<string, string> => ({
  'pipeline.yaml': 'stages:\n  k: {uses: k}\n',
  'stages/k/index.ts': `
    import { z } from 'zod';
    import { defineKind } from 'pipeline/kind';
    export default defineKind({ name: 'k', summary: '', params: z.strictObject({}), inputs: {}, load: () => import('./run.ts') });`,
  'stages/k/run.ts': `
    import { appendFileSync } from 'node:fs';
    import helper from '${module}';
    export async function run({ output }) {
      appendFileSync(process.env.COUNTS, 'k\\n');
      await output.json('value.json', helper.v);
    }`,
});

describe('a key', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  const runs = async (env: Readonly<Record<string, string>> = {}): Promise<string[]> => {
    await project.forgetExecutions();
    const child = project.start(['run', '--quiet'], env);
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const code = await new Promise((settle) => child.once('close', settle));
    if (code !== 0) throw new Error(said);
    return project.executions();
  };
  const value = (): Promise<string> => project.read('artifacts/k/value.json').then((text) => text.trim());

  it('covers every artifact of a list that a command takes in, and their order', async () => {
    const yaml = (list: string): string => `stages:
  a: {run: '${counting('a', 'cat a.in > a.out')}', deps: [a.in], outs: [a.out]}
  b: {run: '${counting('b', 'cat b.in > b.out')}', deps: [b.in], outs: [b.out]}
  c: {run: '${counting('c', 'cat artifacts/a/a.out artifacts/b/b.out > c.out')}', in: {x: ${list}}, outs: [c.out]}
`;
    project = await Project.create({ 'pipeline.yaml': yaml('[a, b]'), 'a.in': '1\n', 'b.in': '1\n' });
    expect((await runs()).sort()).toEqual(['a', 'b', 'c']);
    await project.write('a.in', '2\n');
    expect(await runs()).toEqual(['a', 'c']);
    expect(await project.read('c.out')).toBe('2\n1\n');
    expect((await project.pipeline('explain', 'c')).stdout).toMatch(/^c: cached/);
    await project.write('pipeline.yaml', yaml('[b, a]'));
    expect((await project.pipeline('explain', 'c')).stdout).toBe('c: input x changed\n');
    expect(await runs()).toEqual(['c']);
  });

  it('covers the variables that a stage names, of which no value is written down', async () => {
    project = await Project.create({
      'pipeline.yaml': `stages:
  t: {run: '${counting('t', 'echo "$FOO" > o.txt')}', env: [FOO], outs: [o.txt]}
`,
    });
    expect(await runs({ FOO: '' })).toEqual(['t']);
    expect(await runs({ FOO: 'secret' })).toEqual(['t']);
    expect(await project.read('o.txt')).toBe('secret\n');
    expect(await project.read('pipeline.lock')).not.toContain('secret');
    expect((await project.pipeline('explain', 't')).stdout).toBe('t: env FOO set → unset\n');
    // Unset is not empty.
    expect(await runs()).toEqual(['t']);
    expect(await runs({ BAR: '1' })).toEqual([]);
    expect(await runs({ FOO: 'secret' })).toEqual([]);
  });

  it('covers variables of a kind too', async () => {
    project = await Project.create({
      ...kind('./helper.cjs'),
      'pipeline.yaml': 'stages:\n  k: {uses: k, env: [FOO]}\n',
      'stages/k/helper.cjs': `exports.v = process.env.FOO`,
    });
    expect(await runs({ FOO: '1' })).toEqual(['k']);
    expect(await runs({ FOO: '2' })).toEqual(['k']);
    expect(await value()).toBe('"2"');
    expect(await runs({ FOO: '1' })).toEqual([]);
  });

  it('covers modules of the older sort', async () => {
    project = await Project.create({ ...kind('./helper.cjs'), 'stages/k/helper.cjs': 'exports.v = 1;' });
    expect(await runs()).toEqual(['k']);
    await project.write('stages/k/helper.cjs', 'exports.v = 2; // edited');
    expect(await runs()).toEqual(['k']);
    expect(await value()).toBe('2');
    await project.write('stages/k/helper.cjs', 'exports.v = 2;');
    expect(await runs()).toEqual([]);
  });

  it('covers packages as they are installed, and every file of one that is linked', async () => {
    const describePackage = (name: string, version: string, needs = {}): Promise<void> =>
      project.write(
        `node_modules/${name}/package.json`,
        JSON.stringify({ name, version, main: 'i.js', dependencies: needs }),
      );
    const lock = (bar: string): Promise<void> =>
      project.write(
        'package-lock.json',
        JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/bar': { version: bar } } }),
      );
    project = await Project.create(kind('foo'));
    await describePackage('foo', '1.0.0', { bar: '*' });
    await project.write('node_modules/foo/i.js', `exports.v = require('bar').v`);
    await describePackage('bar', '1.0.0');
    await project.write('node_modules/bar/i.js', 'exports.v = 1');
    await lock('1.0.0');
    expect(await runs()).toEqual(['k']);
    await lock('1.1.0');
    expect(await runs()).toEqual([]);
    await describePackage('bar', '1.1.0');
    await project.write('node_modules/bar/i.js', 'exports.v = 2');
    expect(await runs()).toEqual(['k']);
    expect(await value()).toBe('2');
    await project.delete('node_modules/bar');
    mkdirSync(project.path('mine'));
    writeFileSync(project.path('mine/package.json'), '{"name": "bar", "version": "1.1.0", "main": "i.js"}');
    writeFileSync(project.path('mine/i.js'), 'exports.v = 3');
    symlinkSync(project.path('mine'), project.path('node_modules/bar'));
    expect(await runs()).toEqual(['k']);
    await project.write('mine/i.js', 'exports.v = 4');
    expect(await runs()).toEqual(['k']);
    expect(await value()).toBe('4');
    expect(await runs()).toEqual([]);
  });

  it('is of the package that runs, though it lies nearer to the kind', async () => {
    project = await Project.create({
      ...kind('foo'),
      'node_modules/foo/package.json': '{"name": "foo", "version": "1.0.0", "main": "i.js"}',
      'node_modules/foo/i.js': 'exports.v = 1',
    });
    expect(await runs()).toEqual(['k']);
    await project.write(
      'stages/node_modules/foo/package.json',
      '{"name": "foo", "version": "2.0.0", "main": "i.js"}',
    );
    await project.write('stages/node_modules/foo/i.js', 'exports.v = 2');
    expect(await runs()).toEqual(['k']);
    expect(await value()).toBe('2');
  });
});

describe('a sweep', () => {
  it('has one point for one value, however it is written', async () => {
    const project = await Project.create({
      'pipeline.yaml': `stages:
  t: {run: '${counting('t', 'echo "$PIPELINE_PARAMS" > o.txt')}', with: {x: 0}, outs: [o.txt]}
`,
    });
    try {
      const { stderr, code } = await project.pipeline('sweep', '--set', 't.x=1,1.0,1e0,0x1,"1"');
      expect(code).toBe(0);
      expect(stderr.split('\n').filter((line) => /^(left out|point)/.test(line))).toEqual([
        ...['t.x=1.0', 't.x=1e0', 't.x=0x1'].map((set) => `left out: ${set} is the same as t.x=1`),
        'point 1 of 2: t.x=1',
        'point 2 of 2: t.x="1"',
      ]);
      expect(await project.executions()).toEqual(['t', 't']);
    } finally {
      await project.remove();
    }
  });
});
