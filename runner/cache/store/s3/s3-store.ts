import { Readable } from 'node:stream';
import type { ObjectStore, StoredObject } from '../object-store.ts';
import { s3Error, statusOf } from './s3-error.ts';
import type { S3Answer, S3Client, S3Sdk } from './sdk.ts';

export interface S3Place {
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
}

const attempts = 3;
const connectionMilliseconds = 5000;

/** Objects from this size on go in parts, so many at once. Their bytes are in memory meanwhile. */
const smallestPartBytes = 8 << 20;
const partsAtOnce = 2;
/** S3 takes 10,000 parts. */
const mostParts = 9000;

/** Whoever puts at the same moment as another may be told to come again. */
const conflictAttempts = 5;

/** An object store in an S3 bucket, or in anything that speaks its protocol. */
export class S3Store implements ObjectStore {
  readonly address: string;
  readonly #place: S3Place;
  readonly #load: () => Promise<S3Sdk>;
  readonly #silenceMilliseconds: number;
  #opened: Promise<{ sdk: S3Sdk; client: S3Client }> | undefined;

  /** Credentials, and whatever the place leaves open, come from where all tools of AWS look for them. */
  constructor(
    place: S3Place,
    options: {
      readonly address: string;
      readonly load: () => Promise<S3Sdk>;
      readonly silenceMilliseconds: number;
    },
  ) {
    this.#place = place;
    this.address = options.address;
    this.#load = options.load;
    this.#silenceMilliseconds = options.silenceMilliseconds;
  }

  async get(name: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined> {
    const answer = await this.#find(
      signal,
      ({ GetObjectCommand }) => new GetObjectCommand(this.#object(name)),
    );
    return answer?.Body === undefined ? undefined : this.#chunks(answer.Body, signal);
  }

  async head(name: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    const answer = await this.#find(
      signal,
      ({ HeadObjectCommand }) => new HeadObjectCommand(this.#object(name)),
    );
    if (answer === undefined) return undefined;
    return { name, size: answer.ContentLength ?? 0, modified: answer.LastModified?.getTime() ?? 0 };
  }

  async put(name: string, body: AsyncIterable<Uint8Array>, size: number, signal: AbortSignal): Promise<void> {
    if (size < smallestPartBytes) {
      const parts: Uint8Array[] = [];
      for await (const chunk of body) parts.push(chunk);
      await this.#send(
        signal,
        ({ PutObjectCommand }) => new PutObjectCommand({ ...this.#object(name), Body: Buffer.concat(parts) }),
      );
      return;
    }
    await this.#upload(name, body, size, signal);
  }

  async putIfAbsent(name: string, data: Uint8Array, signal: AbortSignal): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { sdk, client } = await this.#open();
        const input = { ...this.#object(name), Body: data, IfNoneMatch: '*' } as const;
        await client.send(new sdk.PutObjectCommand(input), { abortSignal: signal });
        return true;
      } catch (error) {
        const status = statusOf(error);
        if (status === 412) return false;
        if (status !== 409 || attempt === conflictAttempts) throw s3Error(error, this.address, signal);
      }
    }
  }

  async *list(prefix: string, signal: AbortSignal): AsyncIterable<StoredObject> {
    const { bucket } = this.#place;
    const start = this.#key('');
    let token: string | undefined;
    do {
      const page = { Bucket: bucket, Prefix: this.#key(prefix), ...(token && { ContinuationToken: token }) };
      const answer = await this.#send(signal, ({ ListObjectsV2Command }) => new ListObjectsV2Command(page));
      for (const { Key, Size, LastModified } of answer.Contents ?? []) {
        yield { name: Key.slice(start.length), size: Size, modified: LastModified.getTime() };
      }
      token = answer.NextContinuationToken;
    } while (token !== undefined);
  }

  async delete(name: string, signal: AbortSignal): Promise<void> {
    await this.#find(signal, ({ DeleteObjectCommand }) => new DeleteObjectCommand(this.#object(name)));
  }

  close(): void {
    void this.#opened?.then(({ client }) => {
      client.destroy();
    });
    this.#opened = undefined;
  }

  /** Where the body throws or the signal is aborted, the parts that have gone are given up, and no object comes of them. */
  async #upload(
    name: string,
    body: AsyncIterable<Uint8Array>,
    size: number,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const { sdk, client } = await this.#open();
    const abortController = new AbortController();
    const abort = (): void => {
      abortController.abort();
    };
    signal.addEventListener('abort', abort);
    const told = failuresOf(body);
    const stream = Readable.from(told.chunks());
    // Whoever stops reading it ends it with an error, which nobody is there to take.
    stream.on('error', () => undefined);
    try {
      const upload = new sdk.Upload({
        client,
        params: { ...this.#object(name), Body: stream },
        partSize: Math.max(smallestPartBytes, Math.ceil(size / mostParts)),
        queueSize: partsAtOnce,
        abortController,
      });
      await upload.done();
    } catch (error) {
      // A failure of the body itself is not the store's.
      if (told.failure !== undefined) throw told.failure.error;
      throw s3Error(error, this.address, signal);
    } finally {
      signal.removeEventListener('abort', abort);
      stream.destroy();
    }
  }

  #key(name: string): string {
    const { prefix } = this.#place;
    return prefix === '' ? name : `${prefix}/${name}`;
  }

  #object(name: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#place.bucket, Key: this.#key(name) };
  }

  /** Undefined where there is no such object. A bucket that is not there is another matter. */
  async #find(signal: AbortSignal, command: (sdk: S3Sdk) => object): Promise<S3Answer | undefined> {
    try {
      const { sdk, client } = await this.#open();
      return await client.send(command(sdk), { abortSignal: signal });
    } catch (error) {
      if (statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket') return undefined;
      throw s3Error(error, this.address, signal);
    }
  }

  async #send(signal: AbortSignal, command: (sdk: S3Sdk) => object): Promise<S3Answer> {
    try {
      const { sdk, client } = await this.#open();
      return await client.send(command(sdk), { abortSignal: signal });
    } catch (error) {
      throw s3Error(error, this.address, signal);
    }
  }

  async *#chunks(body: NonNullable<S3Answer['Body']>, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const abort = (): void => {
      body.destroy(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
    try {
      yield* body;
    } catch (error) {
      throw s3Error(error, this.address, signal);
    } finally {
      signal.removeEventListener('abort', abort);
      body.destroy();
    }
  }

  #open(): Promise<{ sdk: S3Sdk; client: S3Client }> {
    return (this.#opened ??= this.#load().then((sdk) => ({ sdk, client: this.#client(sdk) })));
  }

  #client(sdk: S3Sdk): S3Client {
    const { endpoint, region } = this.#place;
    const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION } = process.env;
    const elsewhere = endpoint ?? AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL;
    // Servers other than AWS seldom have regions, and none has a name of its own for each bucket.
    const standIn = elsewhere !== undefined && AWS_REGION === undefined ? 'us-east-1' : undefined;
    const chosen = region ?? standIn;
    return new sdk.S3Client({
      ...(elsewhere !== undefined && { endpoint: elsewhere }),
      ...(chosen !== undefined && { region: chosen }),
      forcePathStyle: elsewhere !== undefined,
      followRegionRedirects: elsewhere === undefined,
      maxAttempts: attempts,
      // What is put is signed with its SHA-256, what is got is checked against its own; older servers know no more.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: Math.min(connectionMilliseconds, this.#silenceMilliseconds),
        requestTimeout: this.#silenceMilliseconds,
        throwOnRequestTimeout: true,
        socketTimeout: this.#silenceMilliseconds,
      },
    });
  }
}

/** The same chunks; keeps what was thrown in making one, but not what a reader throws in who wants no more. */
function failuresOf(body: AsyncIterable<Uint8Array>): {
  chunks(): AsyncGenerator<Uint8Array>;
  failure: { readonly error: unknown } | undefined;
} {
  return {
    failure: undefined,
    async *chunks() {
      const iterator = body[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await iterator.next().catch((error: unknown) => {
            this.failure = { error };
            throw error;
          });
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        await iterator.return?.();
      }
    },
  };
}
