import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hashFile } from '../../../runner/fingerprint/hash.ts';
import { type WalkOptions, walk } from '../../../runner/fingerprint/walk.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();

function write(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(folder.file(name)), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(folder.file(name), '');
    else mkdirSync(folder.file(name), { recursive: true });
  }
}

/** What a walk finds, folders with a slash at their end and circles with what they lead to. */
function found(name: string, options: Partial<WalkOptions> = {}): string[] {
  return Array.from(walk(folder.file(name), { root: name, ...options }), (each) => {
    if (each.type === 'file') return each.name;
    return each.type === 'folder' ? `${each.name}/` : `${each.name} → ${each.leadsTo!}`;
  });
}

describe('a walk', () => {
  it("finds hidden files and empty folders, and leaves out a repository's .git", () => {
    write(
      'data/.env',
      'data/.git/HEAD',
      'data/.git/config',
      'data/sub/.git',
      'data/empty/',
      'data/other/.git/x',
    );
    expect(found('data')).toEqual([
      '/',
      '.env',
      'empty/',
      'other/',
      'other/.git/',
      'other/.git/x',
      'sub/',
      'sub/.git',
    ]);
  });

  it('leaves out what the runner writes, wherever a link to it stands', () => {
    write('w/artifacts/.cache/x', 'w/artifacts-2/x', 'w/pipeline.lock', 'w/in/pipeline.lock');
    symlinkSync('../artifacts', folder.file('w/in/link'));
    const own = { workspace: folder.file('w'), names: ['artifacts', 'pipeline.lock'] };
    expect(found('w', { own })).toEqual(['/', 'artifacts-2/', 'artifacts-2/x', 'in/', 'in/pipeline.lock']);
    const stamps = Array.from(walk(folder.file('w'), { root: 'w', own }), ({ numbers }) => numbers[3] === 0n);
    expect(stamps).toEqual([true, false, false, false, false]);
  });

  it('follows links, and tells where those lead that lead back', () => {
    write('data/a/x', 'beside/y');
    symlinkSync('../beside', folder.file('data/b'));
    symlinkSync('..', folder.file('data/a/up'));
    symlinkSync('.', folder.file('data/a/here'));
    expect(found('data')).toEqual(['/', 'a/', 'a/here → a/', 'a/up → ', 'a/x', 'b/', 'b/y']);
  });

  it('does not follow 2^n paths of links', () => {
    for (let level = 0; level < 40; level += 1) {
      write(`data/${level}/`);
      for (const side of ['left', 'right'])
        symlinkSync(`../${level + 1}`, folder.file(`data/${level}/${side}`));
    }
    write('data/40/');
    expect(() => found('data')).toThrow('more than 1000 paths of links lead to this folder');
  });

  it('goes down a thousand folders', () => {
    const name = `data${'/d'.repeat(1000)}`;
    write(`${name}/x`);
    expect(found('data')).toHaveLength(1002);
  });

  it('refuses a path that is longer than the system takes', () => {
    const long = 'd'.repeat(250);
    // From folder to folder, as no path leads there.
    execFileSync(
      'sh',
      ['-c', `mkdir data && cd data && for i in $(seq 20); do mkdir ${long} && cd -P ${long}; done`],
      {
        cwd: folder.file('.'),
      },
    );
    try {
      expect(() => found('data')).toThrow('its path is longer than the system takes');
    } finally {
      execFileSync('rm', ['-r', folder.file('data')]);
    }
  });

  it.each([
    ['a link that leads nowhere', 'it is a link that leads nowhere', 'ln -s nowhere data/x'],
    ['a link that leads to itself', 'it is a link that leads nowhere', 'ln -s x data/x'],
    ['a pipe', 'it is a pipe, and only files and folders are read', 'mkfifo data/x'],
    ['a link to a device', 'it is a device, and only files and folders are read', 'ln -s /dev/zero data/x'],
  ])('refuses %s by its place', (_what, message, command) => {
    write('data/sub/');
    execFileSync('sh', ['-c', command], { cwd: folder.file('.') });
    expect(() => found('data')).toThrow(expect.objectContaining({ message, place: 'data/x' }));
  });

  it('refuses a socket', async () => {
    write('data/');
    const server = createServer();
    await new Promise<void>((listening) => server.listen(folder.file('data/x'), listening));
    expect(() => found('data')).toThrow('it is a socket, and only files and folders are read');
    await new Promise((closed) => server.close(closed));
  });
});

describe('the digest of a file', () => {
  it('is not that of a pipe or a device, which would never end', async () => {
    execFileSync('mkfifo', [folder.file('pipe')]);
    await expect(hashFile(folder.file('pipe'))).rejects.toThrow('it is a pipe');
    await expect(hashFile('/dev/zero')).rejects.toThrow('it is a device');
  });
});
