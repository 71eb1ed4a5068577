import { beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { entryName, objectName } from '../../../runner/cache/shared/shared-layout.ts';
import { FolderStore } from '../../../runner/cache/store/folder.ts';
import { StoreError } from '../../../runner/cache/store/object-store.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';
import { digestOf, type MadeArtifact } from './artifacts.ts';
import { Machine } from './machines.ts';
import type { TroubledStore } from './troubled-store.ts';

const key = digestOf('key');
const made: MadeArtifact = { key, files: { 'a.json': '{"a":1}', 'b.bin': 'bytes' } };
const never = new Promise<never>(() => undefined);

const isWrite = (operation: string): boolean => operation.startsWith('put');

describe('a shared cache whose store', () => {
  const { file } = useTemporaryFolder();
  let shared: string;
  let first: Machine;
  let second: Machine;

  beforeEach(() => {
    shared = file('shared');
    mkdirSync(shared);
    first = machine('first');
    second = machine('second');
  });

  const machine = (
    name: string,
    options: { readonly write?: boolean; readonly timeoutSeconds?: number } = {},
  ): Machine => new Machine(file(name), () => new FolderStore(shared), options);

  const down = (store: TroubledStore): void => {
    store.trouble = () => {
      throw new StoreError('connection refused', { hint: 'Is it on?' });
    };
  };

  const warning =
    'the shared cache cannot be used, so that the run goes on without it: ' +
    'SHARED: connection refused\n  Is it on?';

  const expectWarnedOnce = (who: Machine, text = warning): void => {
    expect(who.notices).toEqual([text.replace('SHARED', shared)]);
  };

  it('is down gives way to the local cache, with one warning; the next run sends what was made', async () => {
    down(first.store);
    expect(await first.lookup(key)).toEqual({ type: 'miss' });
    const entry = await first.share(made);
    expect(await first.lookup(key)).toEqual({ type: 'hit', entry });
    expect(await first.cache.withRowKey(key)).toEqual([]);
    expectWarnedOnce(first);
    expect(await second.lookup(key)).toEqual({ type: 'miss' });
    first.startAnew();
    await first.settle();
    expect(first.events).toEqual([{ type: 'sending', to: shared, artifacts: 1, bytes: 12 }]);
    second.startAnew();
    expect(await second.lookup(key)).toEqual({ type: 'hit', entry });
    first.startAnew();
    await first.settle();
    expect(first.store.asked).toEqual([]);
  });

  it.each<[string, (path: string) => void]>([
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    [
      'a link to a device without end',
      (path) => {
        symlinkSync('/dev/zero', path);
      },
    ],
    [
      'a folder',
      (path) => {
        mkdirSync(path);
      },
    ],
  ])('has %s for an entry or a file is told of it once, and given what belongs there', async (_what, put) => {
    const entry = await first.share(made);
    for (const name of [entryName(key), objectName(entry.manifest.files[0].sha256)]) {
      rmSync(join(shared, name));
      put(join(shared, name));
      const other = machine(`with ${name.slice(0, 4)}`);
      expect(await other.lookup(key)).toEqual({ type: 'miss' });
      expect(other.notices).toHaveLength(1);
      expect(other.notices[0]).toMatch(/is damaged(?: in .*)?/);
      await other.share(made);
      second = machine(`after ${name.slice(0, 4)}`);
      expect((await second.lookup(key)).type).toBe('hit');
      expect(second.notices).toEqual([]);
    }
  });

  it('is down is not asked again for each thing', async () => {
    down(first.store);
    for (const name of ['1', '2', '3', '4']) await first.lookup(digestOf(name));
    await first.share(made);
    expect(first.store.asked).toHaveLength(1);
  });

  it('goes down between entry and files makes a miss, and the artifact is there later', async () => {
    const entry = await first.share(made);
    second.store.trouble = (operation, name) => {
      if (operation === 'get' && name.startsWith('objects/')) throw new StoreError('connection reset');
    };
    expect(await second.lookup(key)).toEqual({ type: 'miss' });
    expect(second.notices).toHaveLength(1);
    expect(second.cache.read(key)).toBeUndefined();
    second.startAnew();
    expect(await second.lookup(key)).toEqual({ type: 'hit', entry });
  });

  it('does not answer is left alone after a while', async () => {
    const hasty = machine('hasty', { timeoutSeconds: 0.05 });
    hasty.store.trouble = () => never;
    expect(await hasty.lookup(key)).toEqual({ type: 'miss' });
    const entry = await hasty.share(made);
    expect(await hasty.lookup(key)).toEqual({ type: 'hit', entry });
    expectWarnedOnce(
      hasty,
      'the shared cache cannot be used, so that the run goes on without it: SHARED: no answer within 0.15 s',
    );
  });

  it('falls silent in the middle of a file makes a miss', async () => {
    await first.share(made);
    const hasty = machine('hasty', { timeoutSeconds: 0.2 });
    const store = new FolderStore(shared);
    hasty.store.get = async (name, signal) => {
      const chunks = await store.get(name, signal);
      return name.startsWith('objects/') ? begunOnly(chunks!) : chunks;
    };
    expect(await hasty.lookup(key)).toEqual({ type: 'miss' });
    expectWarnedOnce(
      hasty,
      'the shared cache cannot be used, so that the run goes on without it: SHARED: no data for 0.2 s',
    );
    expect(leftovers(hasty)).toEqual([]);
  });

  it('garbles a file once on its way is asked again, without a word', async () => {
    const entry = await first.share(made);
    const seen = new Set<string>();
    second.store.alter = (chunk, name) => {
      if (!name.startsWith('objects/') || seen.has(name)) return chunk;
      seen.add(name);
      return Buffer.from(chunk).fill(0, 0, 1);
    };
    expect(await second.lookup(key)).toEqual({ type: 'hit', entry });
    expect(second.notices).toEqual([]);
    expect(seen.size).toBe(2);
  });

  it('refuses writes is read all the same, with one warning, and asked for no more of them', async () => {
    const entry = await first.share(made);
    second.store.trouble = (operation) => {
      if (isWrite(operation)) throw new StoreError('access denied', { reason: 'denied' });
    };
    const other = await second.share({ key: digestOf('other'), files: { a: 'own' } });
    await second.share({ key: digestOf('third'), files: { a: 'third' } });
    expect(await second.lookup(key)).toEqual({ type: 'hit', entry });
    expect(await second.lookup(other.key)).toEqual({ type: 'hit', entry: other });
    expectWarnedOnce(
      second,
      'the shared cache cannot be written, so that what is made here stays here: SHARED: access denied\n  With access=read in its address nobody tries.',
    );
    second.startAnew();
    await second.settle();
    expect(second.store.asked).toEqual([]);
  });

  it('is only to be read is never written', async () => {
    const reader = machine('reader', { write: false });
    await reader.share(made);
    expect(reader.store.asked).toEqual([]);
    expect(readdirSync(shared)).toEqual([]);
  });

  it('is not there is not made: it may be a mount that is missing', async () => {
    const lost = new Machine(file('lost'), () => new FolderStore(file('not mounted')));
    await lost.lookup(key);
    await lost.share(made);
    expect(lost.notices).toEqual([
      `the shared cache cannot be used, so that the run goes on without it: ${file('not mounted')} is not there\n` +
        '  Mount it, or make the folder.',
    ]);
    expect(existsSync(file('not mounted'))).toBe(false);
  });

  it('is told to stop keeps what is unsent for later', async () => {
    first.store.trouble = (operation) => (isWrite(operation) ? never : undefined);
    const entry = await first.put(made);
    const stop = new AbortController();
    const settling = first.settle(stop.signal);
    stop.abort();
    await settling;
    expect(first.notices).toEqual([]);
    first.startAnew();
    await first.settle();
    expect(await second.lookup(key)).toEqual({ type: 'hit', entry });
  });

  it('is sound, while our own disk is not, is not blamed for it', async () => {
    await first.share(made);
    // In the place of the folder for files that are on their way.
    mkdirSync(second.state, { recursive: true });
    writeFileSync(join(second.state, 'tmp'), '');
    await expect(second.lookup(key)).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(second.notices).toEqual([]);
  });

  it('gets no file that was changed here without a trace', async () => {
    const entry = await first.put({ key: digestOf('before'), files: { a: 'same' } });
    await first.settle();
    const path = first.cache.path(digestOf('{"a":1}'));
    first.store.trouble = (operation) => (isWrite(operation) ? never : undefined);
    await first.put(made);
    await first.settle(AbortSignal.abort());
    chmodSync(path, 0o644);
    writeFileSync(path, '{"a":7}');
    utimesSync(path, 946_684_800, 946_684_800);
    first.startAnew();
    await first.settle();
    expect(existsSync(join(shared, entryName(key)))).toBe(false);
    expect(existsSync(join(shared, objectName(digestOf('{"a":1}'))))).toBe(false);
    expect(await second.lookup(entry.key)).toEqual({ type: 'hit', entry });
  });

  it('has a file for long gets it again, so that no expiry by age takes it from under a new entry', async () => {
    await first.share(made);
    const path = join(shared, objectName(digestOf('bytes')));
    const days = (count: number): Date => new Date(Date.now() - count * 86_400_000);
    utimesSync(path, days(0.9), days(0.9));
    await second.share({ key: digestOf('a little later'), files: { b: 'bytes' } });
    expect(second.store.asked.filter((asked) => asked.startsWith('put objects/'))).toEqual([]);
    utimesSync(path, days(1.1), days(1.1));
    await second.share({ key: digestOf('later'), files: { b: 'bytes' } });
    expect(second.store.asked).toContain(`put ${objectName(digestOf('bytes'))}`);
  });

  describe('has rows of a row key', () => {
    const rowKey = digestOf('row key');
    const inputs = (from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, at) => digestOf(`row ${from + at}`));
    const share = (name: string, rows: readonly string[]) =>
      first.share({ key: digestOf(name), files: { 'table.arrow': name }, rows: { rowKey, inputs: rows } });
    const brought = async (wanted?: readonly string[]): Promise<string[]> => {
      const entries = await second.cache.withRowKey(rowKey, wanted && (() => wanted));
      return entries.map((entry) => readFileSync(second.cache.path(entry.manifest.files[0].sha256), 'utf8'));
    };
    const gotTables = (): number =>
      second.store.asked.filter((asked) => asked.startsWith('get objects/')).length;

    it('that are wanted: brings the tables that have them, each for what the others lack', async () => {
      await share('old', inputs(0, 10));
      await share('within', inputs(2, 5));
      await share('strange', inputs(100, 110));
      expect(await brought(inputs(0, 12))).toEqual(expect.arrayContaining(['old']));
      expect(await brought(inputs(0, 12))).not.toContain('strange');
    });

    it('of which hardly one is wanted: lets the table lie, without even asking for it', async () => {
      await share('huge', inputs(0, 400));
      expect(await brought([digestOf('row 3')])).toEqual([]);
      expect(gotTables()).toBe(0);
      expect(await brought(inputs(0, 5))).toEqual(['huge']);
    });

    it('that are here already: asks nobody', async () => {
      await share('table', inputs(0, 10));
      await second.lookup(digestOf('table'));
      second.startAnew();
      expect(await brought(inputs(3, 9))).toEqual(['table']);
      expect(second.store.asked).toEqual([]);
    });

    it('and nobody knows which are wanted: brings the newest', async () => {
      for (const [at, name] of ['a', 'b', 'c', 'd'].entries()) {
        await share(name, inputs(10 * at, 10 * at + 10));
        const marker = join(shared, 'rows', rowKey, 'keys', digestOf(name));
        utimesSync(marker, 1_000_000 + at, 1_000_000 + at);
      }
      expect((await brought()).sort()).toEqual(['c', 'd']);
    });
  });

  function leftovers(who: Machine): string[] {
    const folder = join(who.state, 'tmp');
    return existsSync(folder) ? readdirSync(folder) : [];
  }
});

async function* begunOnly(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk.subarray(0, 2);
    await never;
  }
}
