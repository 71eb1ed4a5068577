import { setTimeout as wait } from 'node:timers/promises';

/** What another node has written may be seen here only after so long: network file systems remember what is not there. */
export const seenWithinMilliseconds = 90_000;
const lookMilliseconds = 1000;

/** Reads again and again until there is something to be read; undefined where there is nothing in the end. */
export async function eventually<T>(read: () => T | undefined, signal: AbortSignal): Promise<T | undefined> {
  const end = performance.now() + seenWithinMilliseconds;
  for (;;) {
    const found = read();
    if (found !== undefined || performance.now() > end) return found;
    await wait(lookMilliseconds, undefined, { signal });
  }
}
