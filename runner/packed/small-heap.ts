import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Lets the heap of this process stay near what it holds. Left to itself, V8 takes more and more room for young objects,
 * and lets a heap that once was small grow by a hundred megabytes of garbage before it looks through it, so that memory
 * would seem to grow with the number of rows. For processes that mostly wait for files or compute in typed arrays: one
 * that makes many objects would take half as long again.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}

const manyItems = 8192;

/**
 * Looks through the heap now where so many items of a list are worth the ten milliseconds. Before the first time, V8
 * lets a heap grow far beyond what is held.
 *
 * @returns whether it did.
 */
export function collectGarbageFor(items: number): boolean {
  if (items < manyItems) return false;
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return true;
}
