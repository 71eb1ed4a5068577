import { setTimeout as wait } from 'node:timers/promises';

const longestMilliseconds = 60_000;

/** Waits until something has come about; fails rather than waits for ever. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + longestMilliseconds;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`it did not come about: ${condition.toString()}`);
    await wait(50);
  }
}
