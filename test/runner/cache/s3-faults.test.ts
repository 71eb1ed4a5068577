import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';
import { type Fault, type FaultyRequest, FaultyProxy } from '../../support/faulty-proxy.ts';
import { credentials, type S3Server, s3Servers } from '../../support/s3-servers.ts';
import { digestOf, type MadeArtifact } from './artifacts.ts';
import { storeAt } from './backends.ts';
import { Machine } from './machines.ts';

const key = digestOf('key');
/** Goes in three parts. */
const large = 'b'.repeat(17 << 20);
const made: MadeArtifact = { key, files: { 'a.json': '{"a":1}' } };
const madeLarge: MadeArtifact = { key, files: { 'a.json': '{"a":1}', large } };

const isFile = ({ method, path }: FaultyRequest): boolean => method === 'GET' && path.includes('/objects/');
const pass: Fault = { type: 'pass' };

describe.each(s3Servers.map((kind) => [kind.name, kind] as const))('S3 by %s', (_name, kind) => {
  const title = kind.reason === null ? 'with a line that fails' : `(skipped: ${kind.reason})`;
  (kind.reason === null ? describe : describe.skip)(title, () => {
    const { file } = useTemporaryFolder();
    let server: S3Server;
    let proxy: FaultyProxy;
    let prefix = 0;
    let first: Machine;
    let second: Machine;

    beforeAll(async () => {
      Object.assign(process.env, credentials);
      server = await kind.start();
    });
    afterAll(async () => {
      await server.stop();
    });
    beforeEach(async () => {
      proxy = await FaultyProxy.before(server.endpoint);
      prefix += 1;
      first = machine('first', server.endpoint);
      second = machine('second', proxy.endpoint);
    });
    afterEach(async () => {
      await proxy.stop();
    });

    /** Who is to meet with silence does not bear it for long; on a busy machine others must bear some. */
    const machine = (name: string, endpoint: string, timeoutSeconds = 20): Machine => {
      const address = `s3://${server.bucket}/${prefix}?endpoint=${endpoint}&timeout=${timeoutSeconds}s`;
      return new Machine(file(name), () => storeAt(address), { timeoutSeconds });
    };
    const useFor = (fault: Fault): void => {
      if (fault.type === 'silent' || fault.type === 'stall') second = machine('second', proxy.endpoint, 3);
    };
    const where = (): string => `s3://${server.bucket}/${prefix}`;
    const faultOnce = (fault: Fault, of: (request: FaultyRequest) => boolean): void => {
      let left = 1;
      proxy.fault = (request) => (of(request) && left-- > 0 ? fault : pass);
    };

    it.each<[string, Fault]>([
      ['an answer that never comes', { type: 'silent' }],
      ['a server that is busy', { type: 'status', status: 503, code: 'SlowDown' }],
      ['a server that has failed', { type: 'status', status: 500, code: 'InternalError' }],
    ])('tries again after %s, without a word', async (_what, fault) => {
      useFor(fault);
      const entry = await first.share(made);
      faultOnce(fault, () => true);
      expect(await second.lookup(key)).toEqual({ type: 'hit', entry });
      expect(second.notices).toEqual([]);
    });

    it.each<[string, Fault, string]>([
      ['never answers', { type: 'silent' }, 'within'],
      ['is always busy', { type: 'status', status: 503, code: 'SlowDown' }, 'told so (503)'],
      ['lets nobody in', { type: 'status', status: 403, code: 'AccessDenied' }, 'access denied'],
      ['does not know us', { type: 'status', status: 403, code: 'InvalidAccessKeyId' }, 'AWS_PROFILE'],
      ['has no such bucket', { type: 'status', status: 404, code: 'NoSuchBucket' }, 'Make the bucket'],
    ])('goes on without a server that %s, with one warning', async (_what, fault, told) => {
      useFor(fault);
      await first.share(made);
      proxy.fault = () => fault;
      expect(await second.lookup(key)).toEqual({ type: 'miss' });
      const asked = proxy.requests.length;
      const own = await second.share({ ...made, files: { a: 'own' } });
      expect(await second.lookup(key)).toEqual({ type: 'hit', entry: own });
      expect(second.notices).toHaveLength(1);
      expect(second.notices[0]).toContain(`goes on without it: ${where()}`);
      expect(second.notices[0]).toContain(told);
      expect(asked).toBeLessThanOrEqual(3);
      expect(proxy.requests).toHaveLength(asked);
    });

    it('goes on without a server that is off', async () => {
      await proxy.stop();
      expect(await second.lookup(key)).toEqual({ type: 'miss' });
      expect(second.notices).toHaveLength(1);
      expect(second.notices[0]).toContain('ECONNREFUSED');
      proxy = await FaultyProxy.before(server.endpoint);
    });

    it.each<[string, Fault]>([
      ['cut short', { type: 'cut', bytes: 3 }],
      ['garbled', { type: 'garble' }],
    ])('asks again for a file that arrives %s', async (_how, fault) => {
      const entry = await first.share(madeLarge);
      faultOnce(fault, isFile);
      expect(await second.lookup(key)).toEqual({ type: 'hit', entry });
      expect(second.notices).toEqual([]);
    });

    it.each<[string, Fault, RegExp]>([
      ['cut short', { type: 'cut', bytes: 3 }, /goes on without it/],
      ['stuck', { type: 'stall', bytes: 3 }, /no data for 3 s|timed out after 3000 ms/],
      ['garbled', { type: 'garble' }, /is damaged in/],
    ])('takes no file that always arrives %s', async (_how, fault, told) => {
      useFor(fault);
      await first.share(made);
      proxy.fault = (request) => (isFile(request) ? fault : pass);
      expect(await second.lookup(key)).toEqual({ type: 'miss' });
      expect(second.notices).toHaveLength(1);
      expect(second.notices[0]).toMatch(told);
      expect(second.cache.read(key)).toBeUndefined();
    });

    it('puts nothing of an upload whose connection breaks, and sends it when it runs again', async () => {
      proxy.fault = ({ method, path }) =>
        method === 'PUT' && path.includes('partNumber=2') ? { type: 'refuse-body', bytes: 1000 } : pass;
      const entry = await second.share(madeLarge);
      expect(second.notices).toHaveLength(1);
      expect(await first.lookup(key)).toEqual({ type: 'miss' });
      expect(first.notices).toEqual([]);
      proxy.fault = () => pass;
      second.startAnew();
      await second.settle();
      expect(await first.lookup(key)).toEqual({ type: 'hit', entry });
    });

    it('sends in parts what is busy to take one of them', async () => {
      faultOnce({ type: 'status', status: 503, code: 'SlowDown' }, ({ path }) =>
        path.includes('partNumber=2'),
      );
      const entry = await second.share(madeLarge);
      expect(second.notices).toEqual([]);
      expect(await first.lookup(key)).toEqual({ type: 'hit', entry });
    });

    it('agrees with another though the server tells it to come again', async () => {
      const isEntry = ({ method, path }: FaultyRequest): boolean =>
        method === 'PUT' && path.includes('/keys/');
      faultOnce({ type: 'status', status: 409, code: 'ConditionalRequestConflict' }, isEntry);
      const entry = await second.share(made);
      expect(second.notices).toEqual([]);
      expect(await first.lookup(key)).toEqual({ type: 'hit', entry });
    });

    it('reads from a bucket that it may not write', async () => {
      const entry = await first.share(made);
      proxy.fault = ({ method }) =>
        method === 'GET' || method === 'HEAD' ? pass : { type: 'status', status: 403, code: 'AccessDenied' };
      await second.share({ key: digestOf('own'), files: { a: 'own' } });
      expect(await second.lookup(key)).toEqual({ type: 'hit', entry });
      expect(second.notices).toEqual([
        `the shared cache cannot be written, so that what is made here stays here: ${where()}: access denied\n  With access=read in its address nobody tries.`,
      ]);
    });
  });
});
