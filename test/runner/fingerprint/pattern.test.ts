import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { nameOfBytes, onDisk } from '../../../runner/fingerprint/file-names.ts';
import { filesOfDep } from '../../../runner/fingerprint/named-files.ts';
import { walk } from '../../../runner/fingerprint/walk.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();

beforeEach(() => {
  const odd = nameOfBytes(Buffer.from('caf\xe9.csv', 'latin1'));
  const names = [
    'a.csv',
    'b.csv',
    '.hidden.csv',
    'line\nfeed.csv',
    'c.txt',
    'sub/d.csv',
    'sub/deep/e.csv',
    odd,
  ];
  for (const name of [...names.map((last) => `data/${last}`), '[x].txt', 'x.txt', 'other/a/1', 'other/b/1']) {
    mkdirSync(dirname(folder.file(name)), { recursive: true });
    writeFileSync(onDisk(folder.file(name)), '');
  }
});

function chosen(dep: string): string[] {
  const named = filesOfDep(dep, folder.file('.'));
  return Array.from(walk(named.path, named), ({ type, name }) => (type === 'folder' ? `${name}/` : name));
}

describe('a dep', () => {
  it.each([
    ['data/*.csv', ['.hidden.csv', 'a.csv', 'b.csv', 'caf\udce9.csv', 'line\nfeed.csv']],
    ['./data//[ab].csv', ['a.csv', 'b.csv']],
    ['data/{a,c}.*', ['a.csv', 'c.txt']],
    ['data/?.csv', ['a.csv', 'b.csv']],
    ['data/!(*.csv)', ['c.txt', 'sub/', 'sub/d.csv', 'sub/deep/', 'sub/deep/e.csv']],
    ['data/*/*.csv', ['sub/d.csv']],
    ['data/s*', ['sub/', 'sub/d.csv', 'sub/deep/', 'sub/deep/e.csv']],
    ['data/**/[de].csv', ['sub/d.csv', 'sub/deep/e.csv']],
    ['{data/sub,other/a}/*', ['data/sub/d.csv', 'data/sub/deep/', 'data/sub/deep/e.csv', 'other/a/1']],
    ['other/**', ['a/', 'a/1', 'b/', 'b/1']],
    ['other/../[wx].txt', ['x.txt']],
    ['data/*.wav', []],
  ])('that is a pattern, %s, chooses in order', (dep, names) => {
    expect(chosen(dep)).toEqual(names);
  });

  it('is the file of that very name where there is one, whatever characters it has', () => {
    expect(filesOfDep('[x].txt', folder.file('.'))).toEqual({
      root: '[x].txt',
      path: folder.file('[x].txt'),
    });
    symlinkSync('nowhere', folder.file('{y}'));
    expect(filesOfDep('{y}', folder.file('.'))).toEqual({ root: '{y}', path: folder.file('{y}') });
  });

  it('may lie in the home folder, or anywhere', () => {
    const paths = ['~/x', '~', '../x', '/x', '/x/*.csv'].map((dep) => filesOfDep(dep, '/w').path);
    expect(paths).toEqual([`${homedir()}/x`, homedir(), '/x', '/x', '/x']);
  });

  it('looks into no folder in which nothing can match', () => {
    const { choice } = filesOfDep('data/s*/x/*.csv', folder.file('.'));
    const verdicts = ['sub', 'other', 'sub/x', 'sub/y', 'sub/x/z'].map((name) => choice!.folder(name));
    expect(verdicts).toEqual(['look', 'no', 'look', 'no', 'no']);
  });
});
