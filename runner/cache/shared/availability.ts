import { StoreError } from '../store/object-store.ts';

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

/** After a failure the store is left alone for so long, then asked once; for twice as long after the next. */
const firstPauseMilliseconds = 30_000;

/**
 * Asks a store as long as it answers. Where it does not, that is said once, and whoever asks goes on without: a run must
 * never fail or wait for long because others' results are out of reach.
 */
export class Availability {
  readonly #address: string;
  readonly #warn: (message: string) => void;
  readonly #stop = new AbortController();
  #warned = false;
  #writes = true;
  #askAgainAt = 0;
  #pause = firstPauseMilliseconds;

  constructor(address: string, warn: (message: string) => void) {
    this.#address = address;
    this.#warn = warn;
  }

  /** Whether it makes sense to ask now. */
  get reads(): boolean {
    return !this.#stop.signal.aborted && performance.now() >= this.#askAgainAt;
  }

  get writes(): boolean {
    return this.#writes && this.reads;
  }

  /** Whether the store was found to let us write, or not found otherwise. */
  get denied(): boolean {
    return !this.#writes;
  }

  /** Ends what is under way; whatever is asked later has no answer. */
  stop(): void {
    this.#stop.abort();
  }

  /** The answer, if there is one within the time given. Only failures that are not the store's are thrown. */
  async ask<T>(
    purpose: 'read' | 'write',
    milliseconds: number,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<Answer<T>> {
    if (purpose === 'read' ? !this.reads : !this.writes) return { ok: false };
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort(new StoreError(`no answer within ${Number((milliseconds / 1000).toPrecision(2))} s`));
    }, milliseconds);
    const signal = AbortSignal.any([late.signal, this.#stop.signal]);
    try {
      const value = await Promise.race([work(signal), abortion(signal)]);
      this.#askAgainAt = 0;
      this.#pause = firstPauseMilliseconds;
      return { ok: true, value };
    } catch (error) {
      if (this.#stop.signal.aborted) return { ok: false };
      const trouble: unknown = late.signal.aborted ? late.signal.reason : error;
      if (!(trouble instanceof StoreError)) throw error;
      this.#fail(trouble, purpose);
      return { ok: false };
    } finally {
      clearTimeout(timer);
    }
  }

  #fail({ message, reason, hint }: StoreError, purpose: 'read' | 'write'): void {
    const onlyWrites = purpose === 'write' && reason === 'denied';
    if (onlyWrites) this.#writes = false;
    else {
      this.#askAgainAt = performance.now() + this.#pause;
      this.#pause *= 2;
    }
    if (this.#warned) return;
    this.#warned = true;
    const what = onlyWrites
      ? `the shared cache cannot be written, so that what is made here stays here`
      : `the shared cache cannot be used, so that the run goes on without it`;
    const way = onlyWrites ? (hint ?? 'With access=read in its address nobody tries.') : hint;
    const where = message.includes(this.#address) ? message : `${this.#address}: ${message}`;
    this.#warn(`${what}: ${where}${way === undefined ? '' : `\n  ${way}`}`);
  }
}

function abortion(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
