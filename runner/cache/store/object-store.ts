/** An object as a store lists it. */
export interface StoredObject {
  /** With forward slashes, as in `keys/ab/abcd.json`. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** When it was put last, in milliseconds since 1970. */
  readonly modified: number;
}

/**
 * Named bytes that several machines reach: all that a shared cache asks of what holds it. A name has its bytes whole or
 * has none. Every operation rejects with a `StoreError` where the store fails, and with the signal's reason once it is
 * aborted; requests that may be tried again are tried again inside, a bounded number of times.
 */
export interface ObjectStore {
  /** As people name it, e.g. `s3://bucket/prefix`. */
  readonly address: string;
  /** The bytes of an object as they arrive; undefined where there is none. */
  get(name: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined>;
  head(name: string, signal: AbortSignal): Promise<StoredObject | undefined>;
  /** Puts `size` bytes in the place of what may be there. Where `body` throws, nothing is put, and this rejects with it. */
  put(name: string, body: AsyncIterable<Uint8Array>, size: number, signal: AbortSignal): Promise<void>;
  /** Of all that put under one name, one gets true, and its bytes stay. */
  putIfAbsent(name: string, data: Uint8Array, signal: AbortSignal): Promise<boolean>;
  /** Every object whose name begins so, in no order. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<StoredObject>;
  /** Does nothing where there is none. */
  delete(name: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Why a store did not do what it was asked. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** `denied`: it answers, and does not let us. */
  readonly reason: 'unavailable' | 'denied';
  readonly hint: string | undefined;

  constructor(
    message: string,
    options: {
      readonly reason?: StoreError['reason'];
      readonly hint?: string;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.reason = options.reason ?? 'unavailable';
    this.hint = options.hint;
  }
}
