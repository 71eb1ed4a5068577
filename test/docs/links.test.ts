import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Every page of the repository. */
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pagesBelow('docs')];

function pagesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pagesBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** A page without its blocks of code. */
function proseOf(page: string): string {
  return readFileSync(page, 'utf8').replaceAll(/^```[^]*?^```$/gm, '');
}

/** Targets of links and pictures, but those of the web. */
function linksOf(page: string): string[] {
  const links = Array.from(proseOf(page).matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => target);
  return links.filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(page: string): ReadonlySet<string> {
  const taken = new Map<string, number>();
  const anchors = Array.from(proseOf(page).matchAll(/^#{1,6} +(.+)$/gm), ([, heading]) => {
    const plain = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    const before = taken.get(plain) ?? 0;
    taken.set(plain, before + 1);
    return before === 0 ? plain : `${plain}-${before}`;
  });
  return new Set(anchors);
}

/** What is wrong with a link; undefined where it leads somewhere. */
function fault(page: string, link: string): string | undefined {
  const [path, anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), decodeURIComponent(path));
  if (!existsSync(target)) return `${link}: there is no ${target}`;
  if (anchor === undefined || statSync(target).isDirectory() || !target.endsWith('.md')) return undefined;
  return anchorsOf(target).has(anchor) ? undefined : `${link}: ${target} has no heading for #${anchor}`;
}

describe.each(pages)('%s', (page) => {
  it('has no link that leads nowhere', () => {
    const faults = linksOf(page).flatMap((link) => fault(page, link) ?? []);
    expect(faults).toEqual([]);
  });

  it('names no file of the repository that is not there', () => {
    const named = Array.from(
      proseOf(page).matchAll(/`((?:test|bench|scripts|docs|runner|demo)\/[\w./-]*\w\/?)`/g),
      ([, path]) => path,
    );
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('the index of the documentation', () => {
  it('names every page of docs/', () => {
    const linked = new Set(linksOf('docs/README.md').map((link) => join('docs', link)));
    const all = pagesBelow('docs').filter((page) => page !== 'docs/README.md');
    expect(all.filter((page) => !linked.has(page)).map((page) => relative('docs', page))).toEqual([]);
  });
});

describe('links', () => {
  it('are checked', () => {
    expect(fault('README.md', 'docs/none.md')).toBe('docs/none.md: there is no docs/none.md');
    expect(fault('README.md', 'docs/cache.md#nothing')).toBe(
      'docs/cache.md#nothing: docs/cache.md has no heading for #nothing',
    );
    expect(fault('README.md', 'docs/cache.md#guarantees')).toBeUndefined();
  });
});
