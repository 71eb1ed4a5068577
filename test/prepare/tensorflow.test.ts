import { existsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { explainFileError } from '../../scripts/prepare/failure.mjs';
import { findCompiler } from '../../scripts/prepare/tensorflow/compile.mjs';
import { noWayLeft } from '../../scripts/prepare/tensorflow/index.mjs';
import { downloadHostAnswers } from '../../scripts/prepare/tensorflow/ordinary.mjs';
import { noLibraryFor } from '../../scripts/prepare/tensorflow/platform.mjs';
import { checkDigest, downloadWheel } from '../../scripts/prepare/tensorflow/wheel.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorflow-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('noLibraryFor', () => {
  it('has a library for Linux on x64 with glibc', () => {
    expect(noLibraryFor({ platform: 'linux', arch: 'x64', glibc: '2.36' })).toBeNull();
  });

  it.each([
    [{ platform: 'darwin', arch: 'arm64', glibc: undefined }, 'darwin arm64'],
    [{ platform: 'win32', arch: 'x64', glibc: undefined }, 'win32 x64'],
    [{ platform: 'linux', arch: 'arm64', glibc: '2.36' }, 'linux arm64'],
    [{ platform: 'linux', arch: 'x64', glibc: undefined }, 'musl'],
    [{ platform: 'linux', arch: 'x64', glibc: '2.12' }, 'glibc 2.17'],
  ])('says why there is none for %j', (machine, reason) => {
    expect(noLibraryFor(machine)).toContain(reason);
  });

  it('leaves other platforms with the exact command and with what went wrong', () => {
    const failure = noWayLeft(
      noLibraryFor({ platform: 'darwin', arch: 'arm64', glibc: undefined })!,
      'a\nconnect failed',
    );
    expect(failure.message).toContain('connect failed');
    expect(failure.hint).toContain('npm rebuild @tensorflow/tfjs-node');
  });
});

describe('checkDigest', () => {
  it('accepts the expected content', async () => {
    const file = join(folder, 'library.whl');
    await writeFile(file, 'content');
    await checkDigest(file, createHash('sha256').update('content').digest('hex'));
    expect(existsSync(file)).toBe(true);
  });

  it('deletes a file of other content, and says what it got and what to do', async () => {
    const file = join(folder, 'library.whl');
    await writeFile(file, 'cut off');
    const actual = createHash('sha256').update('cut off').digest('hex');
    await expect(checkDigest(file, 'f'.repeat(64))).rejects.toMatchObject({
      name: 'PreparationFailure',
      message: `library.whl arrived with the wrong content: its SHA-256 is ${actual}, expected ${'f'.repeat(64)}`,
      hint: expect.stringContaining('try again'),
    });
    expect(existsSync(file)).toBe(false);
  });
});

describe('downloadWheel', () => {
  /** A program in place of pip. */
  async function standIn(script: string): Promise<string[]> {
    const file = join(folder, 'pip');
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    await mkdir(join(folder, 'target'));
    return [file];
  }

  it('refuses a wheel that is not the pinned one', async () => {
    const pip = await standIn(`echo other > ${join(folder, 'target', 'a.whl')}`);
    await expect(downloadWheel(pip, join(folder, 'target'))).rejects.toThrow('wrong content');
    expect(existsSync(join(folder, 'target', 'a.whl'))).toBe(false);
  });

  it('shows what pip said where it fails', async () => {
    const pip = await standIn('echo "ERROR: connection refused" >&2; exit 1');
    await expect(downloadWheel(pip, join(folder, 'target'))).rejects.toMatchObject({
      message: expect.stringMatching(/exit code 1(.|\n)*connection refused/),
      hint: expect.stringContaining('network'),
    });
  });

  it('says that the disk is full where pip ran into that', async () => {
    const pip = await standIn('echo "OSError: [Errno 28] No space left on device" >&2; exit 2');
    await expect(downloadWheel(pip, join(folder, 'target'))).rejects.toMatchObject({
      message: expect.stringContaining('the disk is full'),
    });
  });
});

describe('explainFileError', () => {
  it.each([
    ['ENOSPC', 'the disk is full: /cache', 'XDG_CACHE_HOME'],
    ['EACCES', 'no permission to write in /cache', 'XDG_CACHE_HOME'],
  ])('explains %s', (code, message, hint) => {
    const explained = explainFileError(Object.assign(new Error('write failed'), { code }), '/cache');
    expect(explained).toMatchObject({ message, hint: expect.stringContaining(hint) });
  });

  it('leaves errors it does not know as they are', () => {
    const error = new Error('a bug');
    expect(explainFileError(error, '/cache')).toBe(error);
  });
});

describe('findCompiler', () => {
  it('takes the one named by CXX', async () => {
    expect(await findCompiler({ CXX: process.execPath })).toBe(process.execPath);
  });

  it('says how to install one where there is none', async () => {
    await expect(findCompiler({ CXX: join(folder, 'no-compiler') })).rejects.toMatchObject({
      message: expect.stringContaining('no C++ compiler'),
      hint: expect.stringContaining('apt-get install g++'),
    });
  });
});

describe('downloadHostAnswers', () => {
  it('says yes for a host that answers, whatever it answers, and no for one that does not', async () => {
    const server = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await downloadHostAnswers('/none', { TFJS_NODE_CDN_STORAGE: host })).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await downloadHostAnswers('/none', { TFJS_NODE_CDN_STORAGE: host })).toBe(false);
  });
});
