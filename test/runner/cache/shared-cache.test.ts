import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { storedFiles } from '../../../runner/cache/entry.ts';
import { entryName, objectName } from '../../../runner/cache/shared/shared-layout.ts';
import type { ObjectStore } from '../../../runner/cache/store/object-store.ts';
import { collect } from '../../support/collect.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';
import { digestOf, type MadeArtifact } from './artifacts.ts';
import { backends, type RunningBackend, storeAt, titleOf } from './backends.ts';
import { Machine } from './machines.ts';

const { signal } = new AbortController();
const key = digestOf('key');
const made: MadeArtifact = { key, files: { 'a.json': '{"a":1}', 'deep/b.bin': 'bytes' } };
/** Goes in parts. */
const large = 'b'.repeat(9 << 20);

describe.each(backends.map((backend) => [titleOf(backend), backend] as const))(
  'machines that share %s',
  (_title, backend) => {
    (backend.reason === null ? describe : describe.skip)('as a cache', () => {
      const { file } = useTemporaryFolder();
      let running: RunningBackend;
      let address: string;
      let store: ObjectStore;
      let first: Machine;
      let second: Machine;

      beforeAll(async () => {
        running = await backend.start();
      });
      afterAll(async () => {
        await running.stop();
      });
      beforeEach(() => {
        address = running.newAddress();
        store = storeAt(address);
        first = machine('first');
        second = machine('second');
      });

      const machine = (name: string): Machine => new Machine(file(name), () => storeAt(address));

      const expectWhole = async (who: Machine, of: { readonly key: string }): Promise<void> => {
        const lookup = await who.lookup(of.key);
        expect(lookup).toEqual({ type: 'hit', entry: of });
      };

      it('gives one what another has put, its files checked and here', async () => {
        const entry = await first.share({ key, files: { ...made.files, large } });
        expect(await second.lookup(key)).toEqual({ type: 'hit', entry });
        for (const { sha256 } of storedFiles(entry)) {
          expect(digestOf(readFileSync(second.cache.path(sha256), 'utf8'))).toBe(sha256);
        }
        expect(second.cache.read(key)).toEqual(entry);
        expect(second.notices).toEqual([]);
        expect(second.events).toEqual([
          { type: 'fetching', stage: 'words', from: store.address, bytes: 12 + large.length },
        ]);
      });

      it('tells what is there without bringing any file', async () => {
        const entry = await first.share(made);
        expect(await second.cache.peek(key)).toEqual({ type: 'hit', entry, from: store.address });
        expect(second.cache.read(key)).toBeUndefined();
        expect(existsSync(second.cache.path(entry.manifest.files[0].sha256))).toBe(false);
      });

      it('asks nothing of the store about what is here', async () => {
        await first.share(made);
        first.startAnew();
        expect((await first.lookup(key)).type).toBe('hit');
        expect((await first.cache.peek(key)).type).toBe('hit');
        await first.settle();
        expect(first.store.asked).toEqual([]);
      });

      it('is sent what a run uses and has from before the store was named, once', async () => {
        const alone = new Machine(file('first'), () => storeAt(running.newAddress()), { write: false });
        const entry = await alone.share(made);
        await alone.share({ key: digestOf('not used any more'), files: { a: 'a' } });
        expect((await first.lookup(key)).type).toBe('hit');
        await first.settle();
        await expectWhole(second, entry);
        expect(await second.lookup(digestOf('not used any more'))).toEqual({ type: 'miss' });
        first.startAnew();
        await first.lookup(key);
        await first.settle();
        expect(first.store.asked).toEqual([]);
      });

      it('asks once about what is nowhere', async () => {
        expect(await first.lookup(key)).toEqual({ type: 'miss' });
        expect(first.store.asked).toEqual([`get ${entryName(key)}`]);
      });

      it('sends a file that is there already only once', async () => {
        const entry = await first.share(made);
        await second.share({ ...made, key: digestOf('other key') });
        const puts = second.store.asked.filter((asked) => asked.startsWith('put objects/'));
        expect(puts).toEqual([]);
        const third = machine('third');
        const lookup = await third.lookup(digestOf('other key'));
        expect(lookup).toMatchObject({ type: 'hit', entry: { manifest: entry.manifest } });
      });

      it('lets the slower of two take the result of the faster, and says so', async () => {
        expect(await second.lookup(key)).toEqual({ type: 'miss' });
        const theirs = await first.share({ key, files: { a: 'theirs' } });
        const taken = await second.put({ key, files: { a: 'ours' } });
        expect(taken).toEqual(theirs);
        await second.settle();
        await expectWhole(second, theirs);
        expect(readFileSync(second.cache.path(digestOf('theirs')), 'utf8')).toBe('theirs');
        expect(second.notices).toEqual([
          'another machine has made it differently under the same key, and that result is taken: the stage is not deterministic',
        ]);
      });

      it('lets two that are done at the same moment agree', async () => {
        const machines = Array.from({ length: 6 }, (_, at) => machine(`machine ${at}`));
        await Promise.all(machines.map((each, at) => each.share({ key, files: { a: `made by ${at}` } })));
        const winner = await machine('another').lookup(key);
        expect(winner.type).toBe('hit');
        for (const each of machines) {
          each.startAnew();
          expect(await each.lookup(key)).toEqual(winner);
        }
      });

      it('takes equal results for one', async () => {
        await first.share({ ...made, run: 'first' });
        const own = await second.share({ ...made, run: 'second' });
        expect(own.run).toBe('second');
        expect(second.notices).toEqual([]);
      });

      it('puts a result in the place of one that was there where it was asked for', async () => {
        await first.share({ key, files: { a: 'old' } });
        expect((await second.lookup(key)).type).toBe('hit');
        const forced = await second.share({ key, files: { a: 'new' } });
        await expectWhole(machine('third'), forced);
      });

      it('keeps to itself what is of no use to others', async () => {
        await first.put(made, { aside: true });
        await first.settle();
        expect(first.store.asked).toEqual([]);
        expect(await collect(store.list('', signal))).toEqual([]);
      });

      it('mends a damaged file of its own from what others have', async () => {
        const entry = await first.share(made);
        await second.lookup(key);
        rmSync(second.cache.path(entry.manifest.files[1].sha256));
        await expectWhole(second, entry);
      });

      it('reuses tables of rows that others have made', async () => {
        const rowKey = digestOf('row key');
        const inputs = ['1', '2', '3'].map(digestOf);
        const table = await first.share({ key, files: { 'table.arrow': 'rows' }, rows: { rowKey, inputs } });
        expect(await second.cache.withRowKey(rowKey, () => [inputs[1], digestOf('4')])).toEqual([table]);
        await expectWhole(second, table);
        second.startAnew();
        expect(await second.cache.withRowKey(rowKey, () => inputs)).toEqual([table]);
        expect(second.store.asked).toEqual([]);
      });

      it('names no file in the store that is not there, whenever one stops', async () => {
        const whole = machine('whole');
        await whole.share(made);
        const operations = whole.store.asked.length;
        expect(operations).toBeGreaterThan(4);
        for (let after = 0; after < operations; after += 1) {
          address = running.newAddress();
          const killed = new Machine(file(`killed ${after}`), () => storeAt(address));
          const stuck = new Promise<void>((settle) => {
            killed.store.trouble = () => {
              if (killed.store.asked.length <= after) return undefined;
              settle();
              return never;
            };
          });
          const putting = killed.put(made);
          await stuck;
          await killed.settle(AbortSignal.abort());
          await putting;
          const other = machine(`other ${after}`);
          const lookup = await other.lookup(key);
          expect(other.notices).toEqual([]);
          expect(['hit', 'miss']).toContain(lookup.type);
          // Whoever was killed sends the rest when it runs again.
          const again = new Machine(file(`killed ${after}`), () => storeAt(address));
          await again.settle();
          expect((await machine(`later ${after}`).lookup(key)).type).toBe('hit');
          await again.settle();
        }
      });

      it('finds what is damaged in the store, says so, and has it mended by who makes it again', async () => {
        const [small] = (await first.share(made)).manifest.files;
        const name = objectName(small.sha256);
        const put = async (data: string): Promise<void> => {
          const bytes = Buffer.from(data);
          await store.put(name, one(bytes), bytes.length, signal);
        };
        for (const damage of ['{"a":2}', '{"a"', '{"a":1}more', '']) {
          await put(damage);
          const finder = machine(`finder ${damage.length} ${damage.slice(4, 6)}`);
          expect(await finder.lookup(key)).toEqual({ type: 'miss' });
          expect(finder.notices).toEqual([
            `a.json is damaged in ${store.address}; that artifact counts as not there`,
          ]);
          expect(existsSync(finder.cache.path(small.sha256))).toBe(false);
          const mended = await finder.share(made);
          await expectWhole(machine(`after ${damage.length} ${damage.slice(4, 6)}`), mended);
        }
        await store.delete(name, signal);
        expect(await second.lookup(key)).toEqual({ type: 'miss' });
        expect(second.notices).toEqual([
          `a.json is missing from ${store.address}; that artifact counts as not there`,
        ]);
      });

      it('finds an entry that is damaged in the store, and has it mended by who makes it again', async () => {
        const entry = await first.share(made);
        const text = Buffer.concat(await collect((await store.get(entryName(key), signal))!)).toString();
        for (const damage of [
          text.slice(0, 100),
          text.replace('"seconds": 1.5', '"seconds": 2.5'),
          text.replace('a.json', '../a.json'),
          text.replaceAll(key, digestOf('another')),
          '{}',
        ]) {
          const bytes = Buffer.from(damage);
          await store.put(entryName(key), one(bytes), bytes.length, signal);
          const finder = machine(`finder ${digestOf(damage)}`);
          expect(await finder.lookup(key)).toEqual({ type: 'miss' });
          expect(finder.notices).toEqual([
            `the entry of key ${key.slice(0, 12)} in ${store.address} is damaged`,
          ]);
          const mended = await finder.share(made);
          expect(mended.manifest).toEqual(entry.manifest);
          await expectWhole(machine(`after ${digestOf(damage)}`), mended);
        }
      });
    });
  },
);

/** Of what a kill cuts short nothing more is heard. */
const never = new Promise<never>(() => undefined);

async function* one(data: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(data);
}
