import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { optionalPackage } from '../../runner/optional-package.ts';

describe('an optional part', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'optional-'));
    await mkdir(join(folder, 'optional', 'engine'), { recursive: true });
    const locked = { packages: { '': {}, 'node_modules/engine': { version: '1.0.0' } } };
    await writeFile(join(folder, 'optional', 'engine', 'package-lock.json'), JSON.stringify(locked));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Installs a part with a program in place of npm, which notes where it is called and with what. */
  async function install(part: string, script = ''): Promise<{ said: string; calls: string[] }> {
    const npm = join(folder, 'npm');
    await writeFile(npm, `#!/bin/sh\necho "$PWD $@" >> ${join(folder, 'calls')}\n${script}\n`);
    await chmod(npm, 0o755);
    const program = `
      const { installOptional } = await import(${JSON.stringify(resolve('scripts/prepare/optional.mjs'))});
      await installOptional(${JSON.stringify(folder)}, ${JSON.stringify(part)}).catch((error) => {
        console.log(error.message + ' / ' + error.hint);
      });`;
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      env,
    });
    const calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
    return { said: stdout.trim(), calls: calls.split('\n').filter(Boolean) };
  }

  it('is installed in a folder of its own, without running any script', async () => {
    const { said, calls } = await install('engine');
    expect(said).toBe('');
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatch(/\/optional\/engine ci --ignore-scripts /);
  });

  it('is not installed again where it is there as locked', async () => {
    const modules = join(folder, 'optional', 'engine', 'node_modules');
    await mkdir(modules);
    const installed = { packages: { 'node_modules/engine': { version: '1.0.0' } } };
    await writeFile(join(modules, '.package-lock.json'), JSON.stringify(installed));
    expect((await install('engine')).calls).toEqual([]);
  });

  it('is named among those there are where it is none', async () => {
    expect((await install('engines')).said).toBe('there is no optional part engines / name one of: engine');
  });

  it('says why it cannot be installed', async () => {
    const { said } = await install('engine', 'echo "npm error code ENOTFOUND"; exit 1');
    expect(said).toMatch(/^npm ci failed \(exit code 1\):\n.*ENOTFOUND.* \/ .*the network/s);
  });

  it('is found where it is installed, and else the way to it is said', async () => {
    const options = { home: folder, part: 'engine', neededFor: 'a big run' };
    const home = join(folder, 'optional', 'engine', 'node_modules', 'an-engine');
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'package.json'), '{"name": "an-engine", "main": "main.js"}');
    await writeFile(join(home, 'main.js'), '');
    expect(optionalPackage('an-engine', options)).toEqual({ ok: true, value: join(home, 'main.js') });
    expect(optionalPackage('no-engine', options)).toEqual({
      ok: false,
      problems: [
        {
          message: 'a big run needs the package no-engine, which is not installed',
          hint: `Install it once, in ${folder}: npm run optional engine`,
        },
      ],
    });
  });
});
