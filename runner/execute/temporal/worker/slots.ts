import type { CustomSlotSupplier } from '@temporalio/worker';

/**
 * How many activities a worker takes at once. One that is about to end makes room for the next ahead of time: Temporal
 * may take some seconds to hand out what waits, since a task queue is divided into parts, a poll waits in one of them,
 * and another part that has something offers it only now and then.
 */
export class Slots {
  readonly #atOnce: number;
  /** Those that are used, and those with which Temporal is asked for an activity. */
  #taken = 0;
  #ending = 0;
  #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** An activity is about to end. What this returns is to be called when it has. */
  endsSoon(): () => void {
    this.#ending += 1;
    this.#next();
    return () => {
      this.#ending -= 1;
    };
  }

  readonly supplier: CustomSlotSupplier = {
    type: 'custom',
    reserveSlot: (_context, signal) =>
      new Promise((resolve, reject) => {
        const take = (): void => {
          signal.removeEventListener('abort', giveUp);
          this.#taken += 1;
          resolve({});
        };
        const giveUp = (): void => {
          this.#waiting = this.#waiting.filter((waiting) => waiting !== take);
          reject(signal.reason as Error);
        };
        if (signal.aborted) {
          giveUp();
          return;
        }
        signal.addEventListener('abort', giveUp, { once: true });
        this.#waiting.push(take);
        this.#next();
      }),
    tryReserveSlot: () => {
      if (!this.#free || this.#waiting.length > 0) return null;
      this.#taken += 1;
      return {};
    },
    markSlotUsed: () => undefined,
    releaseSlot: () => {
      this.#taken -= 1;
      this.#next();
    },
  };

  get #free(): boolean {
    return this.#taken < this.#atOnce + this.#ending;
  }

  #next(): void {
    while (this.#free && this.#waiting.length > 0) this.#waiting.shift()!();
  }
}
