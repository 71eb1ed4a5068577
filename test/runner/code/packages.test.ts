import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findPackage, Packages } from '../../../runner/code/packages.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

describe('the version of an npm package', () => {
  const folder = useTemporaryFolder();
  const write = (name: string, content: string): void => {
    mkdirSync(dirname(folder.file(name)), { recursive: true });
    writeFileSync(folder.file(name), content);
  };
  const describePackage = (
    place: string,
    version: string,
    needs: Readonly<Record<string, string>> = {},
  ): void => {
    write(`${place}/package.json`, JSON.stringify({ name: place.split('/').at(-1), version, ...needs }));
  };
  const version = (name: string): string => {
    const found = findPackage(name, folder.file('stages/k'), new Map());
    return new Packages().state(found!).version;
  };

  it('stands alone where it needs no others', () => {
    describePackage('node_modules/foo', '1.2.3');
    expect(version('foo')).toBe('1.2.3');
    expect(findPackage('bar', folder.file(''), new Map())).toBeUndefined();
  });

  it.each(['dependencies', 'optionalDependencies', 'peerDependencies'])(
    'covers what is installed of its %s, however deep, and not what was wished for',
    (group) => {
      describePackage('node_modules/foo', '1.0.0', { [group]: { bar: '*', absent: '*' } } as never);
      describePackage('node_modules/bar', '1.0.0', { dependencies: { deep: '*' } } as never);
      describePackage('node_modules/deep', '1.0.0');
      write('package-lock.json', '{"packages": {"node_modules/bar": {"version": "9.9.9"}}}');
      const before = version('foo');
      expect(before).toMatch(/^1\.0\.0\+[0-9a-f]{12}$/);
      write('package-lock.json', '{}');
      expect(version('foo')).toBe(before);
      describePackage('node_modules/deep', '1.0.1');
      const after = version('foo');
      expect(after).not.toBe(before);
      describePackage('node_modules/absent', '1.0.0');
      expect(version('foo')).not.toBe(after);
    },
  );

  it('is that of the nearest copy, for what it needs too', () => {
    describePackage('node_modules/foo', '1.0.0', { dependencies: { bar: '*' } } as never);
    describePackage('node_modules/bar', '1.0.0');
    const before = version('foo');
    describePackage('node_modules/foo/node_modules/bar', '2.0.0');
    expect(version('foo')).not.toBe(before);
    describePackage('stages/node_modules/foo', '7.0.0');
    expect(version('foo')).toBe('7.0.0');
  });

  it('tells who needs which copy', () => {
    for (const [place, at] of [
      ['node_modules/foo', '1.0.0'],
      ['node_modules/a', '1.0.0'],
      ['node_modules/b', '1.0.0'],
    ] as const)
      describePackage(place, at, {
        dependencies: place.endsWith('foo') ? { a: '*', b: '*' } : { c: '*' },
      } as never);
    const withCopies = (ofA: string, ofB: string): string => {
      describePackage('node_modules/a/node_modules/c', ofA);
      describePackage('node_modules/b/node_modules/c', ofB);
      return version('foo');
    };
    expect(withCopies('1.0.0', '2.0.0')).not.toBe(withCopies('2.0.0', '1.0.0'));
  });

  it('covers every file of one that is linked, and what that needs from where it lies', () => {
    describePackage('elsewhere/foo', '1.0.0', { dependencies: { bar: '*' } } as never);
    describePackage('elsewhere/node_modules/bar', '1.0.0');
    write('elsewhere/foo/i.js', 'exports.v = 1;');
    mkdirSync(folder.file('node_modules'));
    symlinkSync(folder.file('elsewhere/foo'), folder.file('node_modules/foo'));
    const versions = [version('foo')];
    write('elsewhere/foo/i.js', 'exports.v = 2;');
    versions.push(version('foo'));
    write('elsewhere/foo/lib/.hidden', '');
    versions.push(version('foo'));
    describePackage('elsewhere/node_modules/bar', '1.0.1');
    versions.push(version('foo'));
    expect(new Set(versions).size).toBe(4);
    write('elsewhere/foo/node_modules/other/i.js', '');
    write('elsewhere/foo/.git/HEAD', '');
    expect(version('foo')).toBe(versions[3]);
  });

  it('that lies in node_modules is believed, and one without a version is read', () => {
    describePackage('node_modules/foo', '1.0.0');
    write('node_modules/foo/i.js', '1');
    const before = version('foo');
    write('node_modules/foo/i.js', '2');
    expect(version('foo')).toBe(before);
    write('node_modules/bare/i.js', '1');
    const bare = version('bare');
    write('node_modules/bare/i.js', '2');
    expect(version('bare')).not.toBe(bare);
  });

  it('that needs itself in a circle has an end', () => {
    describePackage('node_modules/foo', '1.0.0', { dependencies: { bar: '*' } } as never);
    describePackage('node_modules/bar', '1.0.0', { dependencies: { foo: '*' } } as never);
    expect(version('foo')).toMatch(/^1\.0\.0\+/);
  });

  it('is known again as long as nothing that decided it has changed', () => {
    describePackage('node_modules/foo', '1.0.0', { dependencies: { bar: '*', '@s/late': '*' } } as never);
    describePackage('node_modules/bar', '1.0.0');
    const at = realpathSync(folder.file('node_modules/foo'));
    const known = (): Packages => {
      const packages = new Packages();
      packages.state(at);
      return new Packages(packages.all());
    };
    expect(known().isCurrent(at)).toBe(true);
    const edits: (() => void)[] = [
      () => {
        describePackage('node_modules/bar', '1.0.1');
      },
      () => {
        describePackage('node_modules/foo/node_modules/bar', '3.0.0');
      },
      () => {
        rmSync(folder.file('node_modules/foo/node_modules'), { recursive: true });
      },
      () => {
        describePackage('node_modules/@s/other', '1.0.0');
      },
      () => {
        describePackage('node_modules/@s/late', '1.0.0');
      },
    ];
    for (const edit of edits) {
      const packages = known();
      edit();
      expect(packages.isCurrent(at)).toBe(false);
    }
  });
});
