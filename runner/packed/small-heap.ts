import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Flags of V8 with what they are where nobody sets them. */
const flags = [
  { name: '--semi-space-growth-factor', small: 1, usual: 2 },
  { name: '--heap-growing-percent', small: 50, usual: 0 },
] as const;

let isSmall = false;

/**
 * Lets the heap of this process stay near what it holds. Left to itself, V8 takes more and more room for young objects,
 * and lets a heap that once was small grow by a hundred megabytes of garbage before it looks through it, so that memory
 * would seem to grow with the number of rows. For processes that mostly wait for files or compute in typed arrays: one
 * that makes many objects would take half as long again.
 */
export function keepHeapSmall(): void {
  if (isSmall) return;
  isSmall = true;
  for (const { name, small } of flags) setFlagsFromString(`${name}=${small}`);
  // At the end, what V8 has compiled is kept for later starts, which refuse it where it was compiled under other flags
  // than theirs. So before anything else that happens then.
  process.prependOnceListener('exit', () => {
    for (const { name, usual } of flags) setFlagsFromString(`${name}=${usual}`);
  });
}

const manyItems = 2048;

/**
 * The same where a list has many items, and looks through the heap at once: before the first time, V8 lets it grow far
 * beyond what is held.
 *
 * @returns whether it has so many.
 */
export function keepHeapSmallFor(items: number): boolean {
  if (items < manyItems) return false;
  keepHeapSmall();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  collect();
  return true;
}
