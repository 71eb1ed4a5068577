import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { StoreError } from '../../../runner/cache/store/object-store.ts';
import { S3Store } from '../../../runner/cache/store/s3/s3-store.ts';
import type { S3Sdk } from '../../../runner/cache/store/s3/sdk.ts';

const size = 20 << 20;

async function* body(): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < size; sent += 1 << 20) yield await Promise.resolve(new Uint8Array(1 << 20));
}

/** A store whose uploads go as a function of what is to be read says. */
function storeWith(upload: (stream: NodeJS.ReadableStream) => Promise<void>): S3Store {
  class Upload {
    readonly #stream: NodeJS.ReadableStream;
    constructor({ params }: { readonly params: { readonly Body: NodeJS.ReadableStream } }) {
      this.#stream = params.Body;
    }
    done = (): Promise<void> => upload(this.#stream);
  }
  class S3Client {
    readonly isStandIn = true;
  }
  return new S3Store(
    { bucket: 'lab', prefix: '', endpoint: undefined, region: 'eu-west-1' },
    {
      address: 's3://lab',
      load: () => Promise.resolve({ S3Client, Upload } as unknown as S3Sdk),
      silenceMilliseconds: 1000,
    },
  );
}

const put = (store: S3Store, chunks: AsyncIterable<Uint8Array>): Promise<unknown> =>
  store.put('large', chunks, size, new AbortController().signal).catch((error: unknown) => error);

describe('an upload in parts', () => {
  it('fails with what a part was refused for, though its body was given up first', async () => {
    const store = storeWith(async (stream) => {
      const chunks = stream[Symbol.asyncIterator]();
      await chunks.next();
      await chunks.return?.();
      // By now the stream has told of its end.
      for (let turns = 0; turns < 5; turns += 1) await turn();
      throw new Error('part 2 was refused');
    });
    const error = await put(store, body());
    expect(error).toBeInstanceOf(StoreError);
    expect((error as Error).message).toBe('s3://lab: part 2 was refused');
  });

  it('fails with what its body failed with', async () => {
    const damaged = new Error('the file is cut');
    const store = storeWith(async (stream) => {
      let bytes = 0;
      for await (const chunk of stream) bytes += chunk.length;
      expect(bytes).toBe(size);
    });
    const error = await put(
      store,
      (async function* () {
        yield await Promise.resolve(new Uint8Array(10));
        throw damaged;
      })(),
    );
    expect(error).toBe(damaged);
  });
});
