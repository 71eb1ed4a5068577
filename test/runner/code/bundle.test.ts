import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { BuildFailure } from 'esbuild';
import { bundleKind } from '../../../runner/code/bundle.ts';
import { wordsOf } from '../../../runner/code/loaders.ts';
import { Packages } from '../../../runner/code/packages.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const home = resolve('.');
const file = 'stages/k/index.ts';

describe('the code of a kind', () => {
  const folder = useTemporaryFolder();
  const write = (name: string, content: string): void => {
    mkdirSync(dirname(folder.file(name)), { recursive: true });
    writeFileSync(folder.file(name), content);
  };
  const build = () => bundleKind(file, { root: folder.file(''), home, packages: new Packages() });
  const code = async () => (await build()).code;
  /** What is wrong with it, in the words that the user reads. */
  const wrong = (): Promise<{ message: string; hint?: string }[]> =>
    build().then(
      () => [],
      (error: unknown) => (error as BuildFailure).errors.map(wordsOf),
    );

  it.each([
    ['helper.cjs', 'exports.value = 1;', 'exports.value = 2;'],
    ['helper.cts', 'export const value: number = 1;', 'export const value: number = 2;'],
    ['helper.mts', 'export const value: number = 1;', 'export const value: number = 2;'],
    ['helper.mjs', 'export const value = 1;', 'export const value = 2;'],
    ['helper.jsx', 'export const value = () => <a b="1" />;', 'export const value = () => <a b="2" />;'],
    ['helper.tsx', 'export const value = () => <a b="1" />;', 'export const value = () => <a b="2" />;'],
    ['helper.json', '{"value": 1}', '{"value": 2}'],
    ['helper.txt', '1', '2'],
    ['helper', 'export const value = 1;', 'export const value = 2;'],
  ])('covers %s, and what it was made from names it', async (name, before, after) => {
    write(file, `import * as helper from './${name}'; export default helper;`);
    write(`stages/k/${name}`, before);
    const first = await build();
    write(`stages/k/${name}`, after);
    const second = await build();
    expect(Object.keys(first.code.modules)).toEqual([`stages/k/${name}`, file].sort());
    expect(second.code.modules[`stages/k/${name}`]).not.toBe(first.code.modules[`stages/k/${name}`]);
    expect(Object.keys(first.watched)).toContain(realpathSync(folder.file(`stages/k/${name}`)));
  });

  it('tells one way to read a file from another', async () => {
    write('stages/k/x.json', '{"a": 1}');
    write(
      file,
      `import a from './x.json'; import b from './x.json' with { type: 'text' };
       import c from './x.json' with { type: 'bytes' }; export default [a, b, c];`,
    );
    expect(Object.keys((await code()).modules)).toEqual([
      file,
      ...['stages/k/x.json', 'stages/k/x.json as bytes', 'stages/k/x.json as text'],
    ]);
  });

  it('covers which module an import leads to, though all modules are the same', async () => {
    write('stages/k/one.ts', 'export const v = 1;');
    write('stages/k/two.ts', 'export const v = 2;');
    write(file, `import * as a from '#a'; import * as b from '#b'; export default [a, b];`);
    const imports = (a: string, b: string): string =>
      JSON.stringify({ imports: { '#a': `./stages/k/${a}.ts`, '#b': `./stages/k/${b}.ts` } });
    write('package.json', imports('one', 'two'));
    const first = await build();
    write('package.json', imports('two', 'one'));
    const second = await build();
    expect(Object.keys(second.code.modules)).toEqual(Object.keys(first.code.modules));
    expect(second.code.modules[file]).not.toBe(first.code.modules[file]);
    expect(Object.keys(first.watched)).toContain(folder.file('package.json'));
    const bundled = Buffer.from(second.files[0].contents).toString();
    expect(bundled).toMatch(/ = 2;[^]* = 1;/);
  });

  it('takes nothing else from package.json or tsconfig.json', async () => {
    write('stages/k/helper.js', 'export const value = 1;');
    write(file, `import { value } from './helper.js'; class A { x = value } export default A;`);
    const first = await build();
    write(
      'package.json',
      JSON.stringify({ type: 'commonjs', sideEffects: false, browser: { './x': './y' } }),
    );
    write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: { useDefineForClassFields: false, target: 'es5' } }),
    );
    const second = await build();
    expect(second.code).toEqual(first.code);
    expect(second.files.map(({ contents }) => Buffer.from(contents).toString())).toEqual(
      first.files.map(({ contents }) => Buffer.from(contents).toString()),
    );
  });

  it('names a module that is a link by where it is seen, and covers what it leads to', async () => {
    write('elsewhere/k/index.ts', `export { v as default } from './v.ts';`);
    write('elsewhere/k/v.ts', 'export const v = 1;');
    mkdirSync(folder.file('stages'));
    symlinkSync(folder.file('elsewhere/k'), folder.file('stages/k'));
    expect(Object.keys((await code()).modules)).toEqual([file, 'stages/k/v.ts']);
    write('elsewhere/other/index.ts', `export { v as default } from './v.ts';`);
    write('elsewhere/other/v.ts', 'export const v = 2;');
    const { code: before, watched } = await build();
    rmSync(folder.file('stages/k'));
    symlinkSync(folder.file('elsewhere/other'), folder.file('stages/k'));
    expect((await code()).modules).not.toEqual(before.modules);
    expect(new Packages().unchanged(watched)).toBe(false);
  });

  it('of the product is named apart from the workspace', async () => {
    write('runner/kind/index.ts', 'export const own = 1;');
    write('pipeline:runner/kind/index.ts', 'export const odd = 1;');
    write(
      file,
      `import * as kind from 'pipeline/kind'; import * as own from '../../runner/kind/index.ts';
       import * as odd from '../../pipeline:runner/kind/index.ts'; export default [kind, own, odd];`,
    );
    const names = Object.keys((await code()).modules);
    expect(names).toEqual(
      expect.arrayContaining([
        ...['pipeline:runner/kind/index.ts', './pipeline:runner/kind/index.ts', 'runner/kind/index.ts'],
      ]),
    );
    for (const name of names) expect(name).not.toMatch(/\.\.|^\/|work/);
  });

  it('that is a module of the older sort may require what Node and packages have', async () => {
    write('node_modules/old/package.json', '{"name": "old", "version": "1.0.0", "main": "i.js"}');
    write('node_modules/old/i.js', 'exports.v = 1;');
    write('stages/k/helper.cjs', `exports.v = require('old').v + require('node:os').cpus().length;`);
    write(file, `import helper from './helper.cjs'; export default helper;`);
    expect((await code()).packages).toEqual({ old: '1.0.0' });
  });

  it('covers a package of which it takes a file by import.meta.resolve', async () => {
    write('node_modules/font/package.json', '{"name": "font", "version": "3.0.0"}');
    write(file, `export default import.meta.resolve('font/a.ttf');`);
    expect((await code()).packages).toEqual({ font: '3.0.0' });
  });

  const place = (use: string): string =>
    `${use} goes by the place of the bundle that runs, not of this module: what it leads to would be in no key`;
  it.each([
    [`export default new URL('./x.txt', import.meta.url);`, place('import.meta.url')],
    [
      `import { createRequire as r } from 'node:module'; export default r(import.meta.url)('./x');`,
      place('import.meta.url'),
    ],
    [`export default import.meta.dirname;`, place('import.meta.dirname')],
    [`export default __dirname;`, place('__dirname')],
    [`export default import.meta.resolve('./x.txt');`, place('import.meta.resolve')],
    [`export default (n: string) => import.meta.resolve(n);`, place('import.meta.resolve')],
    [
      `export default (n: string) => import(n);`,
      'import() of a computed name cannot be followed: what it loads would be in no key',
    ],
    [
      `export default (n: string) => import('./parts/' + n + '.ts');`,
      'import() of a computed name cannot be followed: what it loads would be in no key',
    ],
    [
      `export default (n: string) => require(n);`,
      'require() of a computed name cannot be followed: what it loads would be in no key',
    ],
    [`export default require.resolve('./x.txt');`, place('require.resolve')],
    [
      `import w from './x.wasm'; export default w;`,
      'a kind cannot import stages/k/x.wasm: it takes files that end with .js, .mjs, .cjs, .jsx, .ts, .mts, .cts, .tsx, .json, .txt',
    ],
    [
      `import './x.css';`,
      'a kind cannot import stages/k/x.css: it takes files that end with .js, .mjs, .cjs, .jsx, .ts, .mts, .cts, .tsx, .json, .txt',
    ],
    [
      `import 'https://example.org/x.js';`,
      'a kind cannot import https://example.org/x.js: an address is not followed',
    ],
    [
      `import 'data:text/javascript,1';`,
      'a kind cannot import data:text/javascript,1: an address is not followed',
    ],
    [`import '#u/x';`, '#u/x leads to no file: no package.json names it here'],
    [`import 'absent/x';`, 'the npm package "absent" is not installed; run: npm install absent'],
    [`import 'zod/mini';`, 'a kind cannot import zod/mini: params are read with zod itself'],
    [
      `import './X.ts';`,
      'Use "stages/k/x.ts" instead of "stages/k/X.ts" to avoid issues with case-sensitive file systems',
    ],
  ])('that has %s is refused by name', async (text, message) => {
    for (const name of ['x.txt', 'x.wasm', 'x.css', 'parts/a.ts', 'x.ts']) write(`stages/k/${name}`, '');
    // The place alone of the bundle harms nobody.
    write(file, `export const self = new URL(import.meta.url);\n${text}`);
    expect((await wrong())[0]?.message).toBe(message);
  });
});
