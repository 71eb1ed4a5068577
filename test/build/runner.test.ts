import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { builtRunner } from '../../scripts/build/runner.mjs';

/** A repository with a runner of a few lines. */
const SOURCES: Readonly<Record<string, string>> = {
  'tsconfig.json': '{}',
  'package-lock.json': '{}',
  'scripts/build/runner.mjs': '',
  'scripts/build/executors.mjs': '',
  'scripts/build/shared.mjs': '',
  'scripts/build/compiled.cjs': '',
  'runner/main.ts': `import { word } from './word.ts';\nconsole.log(word as string);\n`,
  'runner/word.ts': `export const word: string = 'first';\n`,
  'runner/execute/host.ts': 'export {};\n',
  'runner/execute/row-worker.ts': 'export {};\n',
};

describe('builtRunner', () => {
  let root: string;

  /** Writes a source as it would have been written `secondsAgo`: a build distrusts files written while it runs. */
  async function write(name: string, content: string, secondsAgo = 60): Promise<void> {
    const file = join(root, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    const time = new Date(Date.now() - secondsAgo * 1000);
    await utimes(file, time, time);
  }

  const run = (entry: string): string => execFileSync(process.execPath, [entry], { encoding: 'utf8' }).trim();

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'build-'));
    for (const [name, content] of Object.entries(SOURCES)) await write(name, content);
  });
  afterEach(() => rm(root, { recursive: true }));

  it('builds once, and again only when a module changes', async () => {
    const first = await builtRunner(root);
    expect(run(first)).toBe('first');
    expect(await builtRunner(root)).toBe(first);
    await write('runner/word.ts', `export const word: string = 'other';\n`, 30);
    const second = await builtRunner(root);
    expect(second).not.toBe(first);
    expect(run(second)).toBe('other');
    // A process started from the earlier build can go on.
    expect(run(first)).toBe('first');
  });

  it('does not trust a module that was written during the build', async () => {
    await write('runner/word.ts', SOURCES['runner/word.ts'], -60);
    const first = await builtRunner(root);
    expect(await builtRunner(root)).not.toBe(first);
  });

  it('makes one file of a package that runner and stages share, and takes another version as it comes', async () => {
    const install = async (version: string): Promise<void> => {
      const folder = 'node_modules/zod';
      await write(
        `${folder}/package.json`,
        JSON.stringify({ name: 'zod', version, type: 'module', exports: './index.js' }),
      );
      await write(`${folder}/index.js`, `export * from './part.js';\nexport default 'whole';\n`);
      const part = `export const part = { version: '${version}' };\nexport { part as null };\n`;
      await write(`${folder}/part.js`, part);
      await write('package-lock.json', JSON.stringify({ version }), Number(version.split('.')[0]));
    };
    await write(
      'runner/main.ts',
      `import { part } from 'zod';
       const imported = import('zod') as Promise<{ default: string; part: object; null: object }>;
       void imported.then((zod) => {
         console.log(zod.default, part.version, zod.part === part, zod.null === part);
       });\n`,
    );
    await install('50.0.0');
    // The process that builds goes on as the runner.
    const launch = join(root, 'launch.mjs');
    const builder = join(process.cwd(), 'scripts/build/runner.mjs');
    const goOn = `import { builtRunner } from '${builder}';\nawait import(await builtRunner('${root}'));\n`;
    await writeFile(launch, goOn);
    expect(run(launch)).toBe('whole 50.0.0 true true');
    for (const version of ['40.0.0', '30.0.0']) {
      await install(version);
      expect(run(await builtRunner(root))).toBe(`whole ${version} true true`);
    }
  });

  it('keeps what V8 compiled, and does without where that is damaged', async () => {
    const entry = await builtRunner(root);
    expect(run(entry)).toBe('first');
    const folder = dirname(entry);
    const kept = (await readdir(folder)).filter((name) => name.startsWith('main.bundle.js.any-'));
    expect(kept).toEqual([`main.bundle.js.any-${process.version}-${process.arch}`]);
    const file = join(folder, kept[0]);
    const compiled = await readFile(file);
    expect(run(entry)).toBe('first');
    expect(await readFile(file)).toEqual(compiled);
    for (const damage of [0, 4, compiled.length - 1]) {
      const damaged = Buffer.from(compiled);
      damaged[damage] ^= 0xff;
      await writeFile(file, damaged);
      expect(run(entry)).toBe('first');
      // It was made anew.
      expect(await readFile(file)).not.toEqual(damaged);
    }
    await writeFile(file, '');
    expect(run(entry)).toBe('first');
  });

  it('takes what V8 compiled in a process that kept its heap small', async () => {
    const smallHeap = await readFile('runner/packed/small-heap.ts', 'utf8');
    await write('runner/packed/small-heap.ts', smallHeap);
    await write(
      'runner/main.ts',
      `import { keepHeapSmallFor } from './packed/small-heap.ts';
       console.log(keepHeapSmallFor(1e6));\n`,
    );
    const entry = await builtRunner(root);
    const kept = join(dirname(entry), `main.bundle.js.any-${process.version}-${process.arch}`);
    expect(run(entry)).toBe('true');
    // What is refused is written anew, as another file.
    const { ino } = await stat(kept);
    expect(run(entry)).toBe('true');
    expect((await stat(kept)).ino).toBe(ino);
  });

  describe('of what runs elsewhere', () => {
    const entry = 'runner/execute/temporal/connection.ts';
    const bundle = 'executors.bundle.js';
    const compiled = async (folder: string): Promise<string[]> =>
      (await readdir(folder)).filter((name) => /^executors\.bundle\.js\..*-v/.test(name));

    beforeEach(async () => {
      await write('runner/errors.ts', `export class Mine extends Error {}\n`);
      await write('runner/execute/distributed/far.ts', `export const far = (): string => 'far';\n`);
      await write(
        entry,
        `import { Mine } from '../../errors.ts';
         import { far } from '../distributed/far.ts';
         export const named = (): Error => new Mine(far());\n`,
      );
      await write(
        'runner/main.ts',
        `import { Mine } from './errors.ts';
         const connect = () => import('./execute/temporal/connection.ts');
         if (process.argv[2] !== 'worker') console.log('here');
         else void connect().then(({ named }) => { console.log(named().message, named() instanceof Mine); });\n`,
      );
    });
    const runWorker = (main: string): string =>
      execFileSync(process.execPath, [main, 'worker'], { encoding: 'utf8', stdio: 'pipe' }).trim();

    it('makes a bundle of its own, which shares the classes of the runner and is kept compiled', async () => {
      const main = await builtRunner(root);
      expect(run(main)).toBe('here');
      expect(await compiled(dirname(main))).toEqual([]);
      expect(runWorker(main)).toBe('far true');
      expect(await compiled(dirname(main))).toHaveLength(1);
      expect(runWorker(main)).toBe('far true');
      const text = await readFile(join(dirname(main), 'main.bundle.js'), 'utf8');
      expect(text).not.toContain(`"far"`);
    });

    it('reads that only where it is asked for', async () => {
      const main = await builtRunner(root);
      await rm(join(dirname(main), bundle));
      expect(run(main)).toBe('here');
      expect(() => runWorker(main)).toThrow(bundle);
    });

    it('builds again where a module of it changes', async () => {
      const first = await builtRunner(root);
      await write('runner/execute/distributed/far.ts', `export const far = (): string => 'further';\n`, 30);
      const second = await builtRunner(root);
      expect(runWorker(second)).toBe('further true');
      expect(runWorker(first)).toBe('far true');
    });

    it('refuses a runner that takes it in at once', async () => {
      await write('runner/main.ts', `import { named } from './execute/temporal/connection.ts';\nnamed();\n`);
      await expect(builtRunner(root)).rejects.toMatchObject({
        name: 'PreparationFailure',
        message: expect.stringMatching(
          /connection\.ts is not part of the runner's own bundle[^]*main\.ts:1:/,
        ),
      });
    });
  });

  it('puts the other entries beside the first one', async () => {
    const folder = dirname(await builtRunner(root));
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['main.js', 'host.js', 'row-worker.js']));
  });

  it('survives launches at the same time', async () => {
    const entries = await Promise.all([builtRunner(root), builtRunner(root)]);
    expect(entries.map(run)).toEqual(['first', 'first']);
    expect(entries).toContain(await builtRunner(root));
  });

  it('keeps what was built in the last hours, and ten builds of any age', async () => {
    const cache = join(root, 'node_modules/.cache/pipeline');
    const hoursAgo = (hours: number): string => `${Date.now() - hours * 3_600_000}-abcdef`;
    const young = Array.from({ length: 12 }, (_, at) => hoursAgo(1 + at / 2));
    const old = [hoursAgo(13), hoursAgo(400)];
    for (const name of [...young, ...old]) await mkdir(join(cache, name), { recursive: true });
    await builtRunner(root);
    const left = await readdir(cache);
    expect(left).toEqual(expect.arrayContaining(young));
    expect(left).not.toContain(old[0]);
    expect(left).not.toContain(old[1]);
  });

  it('says where the source is broken, and keeps no half build', async () => {
    await write('runner/word.ts', 'export const word: string = ;\n');
    await expect(builtRunner(root)).rejects.toMatchObject({
      name: 'PreparationFailure',
      message: expect.stringMatching(/runner\/word\.ts:1:28/),
    });
    expect(await readdir(join(root, 'node_modules/.cache/pipeline'))).toEqual([]);
  });
});
