import { StoreError } from '../store/object-store.ts';

/** What arrives, as long as there is never silence for so many milliseconds. */
export async function* unlessSilent(
  chunks: AsyncIterable<Uint8Array>,
  milliseconds: number,
): AsyncIterable<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await withinTime(iterator.next(), milliseconds);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Closes the connection behind it; one that is silent may not answer that either.
    void iterator.return?.().catch(() => undefined);
  }
}

async function withinTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new StoreError(`no data for ${milliseconds / 1000} s`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
