import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Frees what nothing refers to any more, now. Left to itself, V8 lets a heap that once was small grow by a hundred
 * megabytes of garbage before it looks through it, so that a stage's memory would seem to grow with its rows.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}

/** Rows or files after which it pays: collecting takes some ten milliseconds. */
export const collectEvery = 10_000;
