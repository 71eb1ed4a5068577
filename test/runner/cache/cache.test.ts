import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Cache } from '../../../runner/cache/cache.ts';
import { LocalCache } from '../../../runner/cache/local.ts';
import { openSharedCache } from '../../../runner/cache/shared/open.ts';
import { parseCacheAddress } from '../../../runner/config/cache-address.ts';
import { collect } from '../../support/collect.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';
import { digestOf, putArtifact } from './artifacts.ts';
import { backends, type RunningBackend, titleOf } from './backends.ts';

const key = digestOf('key');
const { signal } = new AbortController();

interface Kind {
  readonly title: string;
  readonly reason: string | null;
  start(): Promise<{ open(state: string): Cache; stop(): Promise<void> }>;
}

const kinds: readonly Kind[] = [
  {
    title: 'the local cache',
    reason: null,
    start: () => Promise.resolve({ open: (state) => new LocalCache(state), stop: () => Promise.resolve() }),
  },
  ...backends.map((backend) => ({
    title: `the local cache before ${titleOf(backend)}`,
    reason: backend.reason,
    async start() {
      const running: RunningBackend = await backend.start();
      return { open: (state: string) => sharedCache(state, running.newAddress()), stop: running.stop };
    },
  })),
];

function sharedCache(state: string, text: string): Cache {
  const address = parseCacheAddress(text);
  if ('problem' in address) throw new Error(address.problem);
  const opened = openSharedCache({ folder: '/', state, home: resolve('.') }, address, () => undefined);
  if (!opened.ok) throw new Error(opened.problems[0].message);
  return opened.value;
}

describe.each(kinds.map((kind) => [kind.title, kind] as const))('%s', (_title, kind) => {
  (kind.reason === null ? describe : describe.skip)('as a cache', () => {
    const { file } = useTemporaryFolder();
    let started: Awaited<ReturnType<Kind['start']>>;
    let cache: Cache;

    beforeAll(async () => {
      started = await kind.start();
    });
    afterAll(async () => {
      await started.stop();
    });
    beforeEach(() => {
      cache = started.open(file('state'));
    });

    const put = (made: Omit<Parameters<typeof putArtifact>[2], 'key'> & { key?: string }) =>
      putArtifact(cache, file('scratch'), { key, ...made });

    it('has nothing at first', async () => {
      expect(await cache.lookup(key)).toEqual({ type: 'miss' });
      expect(await cache.peek(key)).toEqual({ type: 'miss' });
      expect(cache.read(key)).toBeUndefined();
      expect(await collect(cache.entries())).toEqual([]);
      expect(await cache.withRowKey(key)).toEqual([]);
      await cache.settle(signal);
    });

    it('gives what was put under a key, with files that nobody can write', async () => {
      const entry = await put({ files: { 'a.json': '1', 'deep/er/b.txt': 'two' } });
      expect(entry.manifest.files.map(({ name, size, sha256 }) => [name, size, sha256])).toEqual([
        ['a.json', 1, digestOf('1')],
        ['deep/er/b.txt', 3, digestOf('two')],
      ]);
      expect(await cache.lookup(key)).toEqual({ type: 'hit', entry });
      expect(await cache.peek(key)).toEqual({ type: 'hit', entry });
      expect(cache.read(key)).toEqual(entry);
      expect(await collect(cache.entries())).toEqual([entry]);
      expect(readFileSync(cache.path(digestOf('two')), 'utf8')).toBe('two');
      expect(statSync(cache.path(digestOf('two'))).mode & 0o222).toBe(0);
      await cache.settle(signal);
      expect(await cache.lookup(key)).toEqual({ type: 'hit', entry });
    });

    it('takes what is put later in the place of what was there', async () => {
      await put({ files: { a: 'first' } });
      expect((await cache.lookup(key)).type).toBe('hit');
      const second = await put({ files: { a: 'second' } });
      expect(await cache.lookup(key)).toEqual({ type: 'hit', entry: second });
      await cache.settle(signal);
      expect(await cache.lookup(key)).toEqual({ type: 'hit', entry: second });
    });

    it('gives the digest of contents, not of bytes or names of the store', async () => {
      const one = await put({ files: { a: 'x', b: 'y' } });
      const other = await put({ key: digestOf('other'), files: { a: 'x', b: 'y' } });
      const renamed = await put({ key: digestOf('renamed'), files: { a: 'x', c: 'y' } });
      expect(other.manifest.digest).toBe(one.manifest.digest);
      expect(renamed.manifest.digest).not.toBe(one.manifest.digest);
      await cache.settle(signal);
    });

    it.each<[string, 'missing' | 'changed', (path: string) => void]>([
      ['gone', 'missing', rmSync],
      [
        'cut',
        'changed',
        (path) => {
          chmodSync(path, 0o644);
          truncateSync(path, 1);
        },
      ],
    ])('never gives an artifact with a file that is %s', async (_how, reason, damage) => {
      const entry = await put({ files: { a: 'sound', b: 'damaged' } });
      // Before anything of it has left this machine, where it is shared at all.
      damage(cache.path(digestOf('damaged')));
      const lookup = await cache.lookup(key);
      const here = existsSync(cache.path(digestOf('damaged')))
        ? readFileSync(cache.path(digestOf('damaged')), 'utf8')
        : undefined;
      // Either it is found out, or it has been mended from what others have.
      if (lookup.type === 'hit') expect(here).toBe('damaged');
      else {
        expect(lookup).toEqual({
          type: 'damaged',
          entry,
          damage: [{ stage: 'words', file: 'b', reason }],
        });
      }
      await cache.settle(signal);
    });

    it('finds the tables of a row key, the newest first', async () => {
      const rowKey = digestOf('row key');
      const table = (name: string, inputs: readonly string[]) =>
        put({ key: digestOf(name), files: { 'table.arrow': name }, rows: { rowKey, inputs } });
      const older = await table('older', [digestOf('1')]);
      await new Promise((settle) => setTimeout(settle, 20));
      const newer = await table('newer', [digestOf('1'), digestOf('2')]);
      await put({
        key: digestOf('another'),
        files: { a: 'a' },
        rows: { rowKey: digestOf('no'), inputs: [] },
      });
      await cache.settle(signal);
      expect(await cache.withRowKey(rowKey)).toEqual([newer, older]);
      await cache.forget(newer.key);
      const left = await cache.withRowKey(rowKey, () => [digestOf('1')]);
      expect(left).toEqual([older]);
    });

    it('forgets an entry, and keeps its files', async () => {
      await put({ files: { a: 'x' } });
      await cache.forget(key);
      expect(cache.read(key)).toBeUndefined();
      expect(existsSync(cache.path(digestOf('x')))).toBe(true);
      await cache.settle(signal);
    });

    it('gives what was put aside, too', async () => {
      const entry = await putArtifact(cache, file('scratch'), { key, files: { a: 'x' } }, { aside: true });
      await cache.settle(signal);
      expect(await cache.lookup(key)).toEqual({ type: 'hit', entry });
    });

    it('stores a file by itself', async () => {
      const entry = await put({ files: { a: 'x' } });
      await cache.settle(signal);
      expect(entry.manifest.files[0].sha256).toBe(digestOf('x'));
      expect(existsSync(join(file('state'), 'objects', digestOf('x').slice(0, 2), digestOf('x')))).toBe(true);
    });
  });
});
