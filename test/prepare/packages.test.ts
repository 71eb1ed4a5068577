import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installedDiffers, npmHint } from '../../scripts/prepare/packages.mjs';

const complete = {
  'node_modules/alpha': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/alpha/node_modules/beta': { version: '2.0.0', integrity: 'sha512-b' },
};
const locked = {
  packages: {
    '': { version: '0.1.0' },
    ...complete,
    'node_modules/gamma-darwin': { version: '3.0.0', integrity: 'sha512-c', optional: true },
  },
};

describe('installedDiffers', () => {
  it('accepts what npm installed of the lockfile, without other platforms’ optional packages', () => {
    expect(installedDiffers(locked, { packages: complete })).toBeNull();
  });

  it('names a package that is missing, at whatever depth', () => {
    const { 'node_modules/alpha': alpha } = complete;
    expect(installedDiffers(locked, { packages: { 'node_modules/alpha': alpha } })).toBe(
      'beta is not installed',
    );
  });

  it('names a package of another version or content', () => {
    const older = { ...complete, 'node_modules/alpha': { version: '0.9.0', integrity: 'sha512-a' } };
    expect(installedDiffers(locked, { packages: older })).toBe(
      'alpha is installed as 0.9.0, package-lock.json says 1.0.0',
    );
    const other = { ...complete, 'node_modules/alpha': { version: '1.0.0', integrity: 'sha512-z' } };
    expect(installedDiffers(locked, { packages: other })).toContain('alpha');
  });

  it('names a package that should not be there', () => {
    const extra = { ...complete, 'node_modules/@scope/delta': { version: '1.0.0' } };
    expect(installedDiffers(locked, { packages: extra })).toContain('@scope/delta');
  });
});

describe('npmHint', () => {
  it.each([
    ['npm error code ENOSPC', 'free some space'],
    ['npm error code EACCES', 'writable'],
    ['npm error code EUSAGE', 'npm install --ignore-scripts'],
    ['npm error code EINTEGRITY', 'npm cache verify'],
    ['npm error network request failed, reason: getaddrinfo ENOTFOUND host', 'the network'],
    ['npm error something else', 'mend'],
  ])('%s', (output, hint) => {
    expect(npmHint(output, '/clone')).toContain(hint);
  });
});

describe('installPackages', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packages-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Runs it with a program in place of npm, which notes its arguments, and gives these line by line. */
  async function callsOfNpm(script: string): Promise<string[]> {
    await writeFile(join(folder, 'npm'), `#!/bin/sh\necho "$@" >> ${join(folder, 'calls')}\n${script}\n`);
    await chmod(join(folder, 'npm'), 0o755);
    const program = `
      const { installPackages } = await import(${JSON.stringify(resolve('scripts/prepare/packages.mjs'))});
      await installPackages(${JSON.stringify(folder)}).catch((error) => console.log(error.message));`;
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` };
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { env });
    return (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
  }

  it('runs no install script', async () => {
    const calls = await callsOfNpm('exit 0');
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatch(/^ci --ignore-scripts/);
  });

  it('asks the registry after all where npm’s cache knows only older versions', async () => {
    const calls = await callsOfNpm(
      'case "$*" in *prefer-offline*) echo "npm error code ETARGET" >&2; exit 1;; esac',
    );
    expect(calls.map((call) => call.includes('--prefer-offline'))).toEqual([true, false]);
  });
});
