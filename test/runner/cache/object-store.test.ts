import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ObjectStore } from '../../../runner/cache/store/object-store.ts';
import { collect } from '../../support/collect.ts';
import { backends, type RunningBackend, storeAt, titleOf } from './backends.ts';

const { signal } = new AbortController();

/** Larger than what goes in one part. */
const large = randomBytes(17 << 20);

async function* inChunks(data: Uint8Array, size = 1 << 20): AsyncIterable<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield await Promise.resolve(data.subarray(at, at + size));
}

async function* breakingAfter(data: Uint8Array): AsyncIterable<Uint8Array> {
  yield* inChunks(data);
  throw new Error('the source broke');
}

function digestOf(data: Uint8Array | undefined): string | undefined {
  return data && createHash('sha256').update(data).digest('hex');
}

describe.each(backends.map((backend) => [titleOf(backend), backend] as const))('%s', (_title, backend) => {
  (backend.reason === null ? describe : describe.skip)('as an object store', () => {
    let running: RunningBackend;
    let store: ObjectStore;

    beforeAll(async () => {
      running = await backend.start();
    });
    afterAll(async () => {
      await running.stop();
    });
    beforeEach(() => {
      store = storeAt(running.newAddress());
    });

    const put = (name: string, data: Uint8Array): Promise<void> =>
      store.put(name, inChunks(data), data.length, signal);
    const get = async (name: string): Promise<Buffer | undefined> => {
      const chunks = await store.get(name, signal);
      return chunks && Buffer.concat(await collect(chunks));
    };
    const names = async (prefix: string): Promise<string[]> =>
      (await collect(store.list(prefix, signal))).map(({ name }) => name).sort();

    it('has nothing at first', async () => {
      expect(await get('keys/a')).toBeUndefined();
      expect(await store.head('keys/a', signal)).toBeUndefined();
      expect(await names('')).toEqual([]);
      await store.delete('keys/a', signal);
    });

    it.each<[string, Uint8Array]>([
      ['nothing', new Uint8Array()],
      ['a few bytes', Buffer.from('some text')],
      ['bytes for many parts', large],
    ])('gives back %s as they were put', async (_what, data) => {
      const before = Date.now();
      await put('objects/ab/abc', data);
      expect(digestOf(await get('objects/ab/abc'))).toBe(digestOf(data));
      const head = await store.head('objects/ab/abc', signal);
      expect(head).toMatchObject({ name: 'objects/ab/abc', size: data.length });
      // Stores tell whole seconds, by clocks of their own.
      expect(Math.abs(head!.modified - before)).toBeLessThan(120_000);
    });

    it('puts in the place of what was there', async () => {
      await put('x', Buffer.from('first'));
      await put('x', Buffer.from('second'));
      expect(String(await get('x'))).toBe('second');
    });

    it('takes the first that is put if absent, and keeps it', async () => {
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, at) => store.putIfAbsent('key', Buffer.from(`from ${at}`), signal)),
      );
      expect(results.filter((won) => won)).toHaveLength(1);
      expect(String(await get('key'))).toBe(`from ${results.indexOf(true)}`);
      expect(await store.putIfAbsent('key', Buffer.from('later'), signal)).toBe(false);
      expect(String(await get('key'))).toBe(`from ${results.indexOf(true)}`);
    });

    it('lists by prefix, whatever folder that ends in', async () => {
      for (const name of ['rows/a/keys/1', 'rows/a/keys/2', 'rows/ab/keys/3', 'keys/a', 'rows2/x']) {
        await put(name, Buffer.from(name));
      }
      expect(await names('rows/a/keys/')).toEqual(['rows/a/keys/1', 'rows/a/keys/2']);
      expect(await names('rows/a')).toEqual(['rows/a/keys/1', 'rows/a/keys/2', 'rows/ab/keys/3']);
      expect(await names('none/')).toEqual([]);
      const [found] = await collect(store.list('keys/', signal));
      expect(found).toMatchObject({ name: 'keys/a', size: 6 });
    });

    it('lists more than fit on one page', async () => {
      const all = Array.from({ length: 1001 }, (_, at) => `many/${at}`);
      for (let at = 0; at < all.length; at += 50) {
        await Promise.all(
          all.slice(at, at + 50).map((name) => store.putIfAbsent(name, new Uint8Array(), signal)),
        );
      }
      expect(await names('many/')).toEqual(all.sort());
    });

    it('forgets what is deleted', async () => {
      await put('x', Buffer.from('x'));
      await store.delete('x', signal);
      expect(await get('x')).toBeUndefined();
      expect(await names('')).toEqual([]);
    });

    it.each([
      ['small', Buffer.from('small')],
      ['large', large],
    ])('puts nothing of a %s body that breaks, and says how it broke', async (_what, data) => {
      await put('x', Buffer.from('before'));
      const putting = store.put('x', breakingAfter(data), data.length + 1, signal);
      await expect(putting).rejects.toThrow('the source broke');
      expect(String(await get('x'))).toBe('before');
      expect(await names('x')).toEqual(['x']);
    });

    it('puts nothing once it is told to stop', async () => {
      const stop = new AbortController();
      async function* stopping(): AsyncIterable<Uint8Array> {
        yield* inChunks(large);
        stop.abort(new Error('enough'));
        yield large;
      }
      await expect(store.put('x', stopping(), 2 * large.length, stop.signal)).rejects.toThrow('enough');
      expect(await get('x')).toBeUndefined();
    });

    it('is one with every store of the same address, and another than those of others', async () => {
      const address = running.newAddress();
      const [one, same, other] = [storeAt(address), storeAt(address), storeAt(running.newAddress())];
      await one.putIfAbsent('a', Buffer.from('a'), signal);
      expect(await same.head('a', signal)).toBeDefined();
      expect(await other.head('a', signal)).toBeUndefined();
    });
  });
});
