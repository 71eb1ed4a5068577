import { availableParallelism, totalmem } from 'node:os';
import type { Resources } from '../config/index.ts';

/** What a stage takes of the machine while it runs. */
export interface Share {
  readonly cpus: number;
  readonly memory: number;
}

/** The machine's processors and memory, given out to stages in the order they ask. */
export class Machine {
  readonly cpus: number;
  readonly memory: number;
  #freeCpus: number;
  #freeMemory: number;
  readonly #waiting: { readonly share: Share; readonly start: () => void }[] = [];

  constructor(cpus = availableParallelism(), memory = totalmem()) {
    this.cpus = cpus;
    this.memory = memory;
    this.#freeCpus = cpus;
    this.#freeMemory = memory;
  }

  /** A share no larger than the machine: a stage that wants more gets all of it. */
  share({ cpus, memory }: Resources): Share {
    return {
      cpus: cpus === 'all' ? this.cpus : Math.min(cpus, this.cpus),
      memory: Math.min(memory ?? 0, this.memory),
    };
  }

  async use<T>(share: Share, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      this.#waiting.push({ share, start: resolve });
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#freeCpus += share.cpus;
      this.#freeMemory += share.memory;
      this.#next();
    }
  }

  /** First come, first served: a stage that needs much is not overtaken for ever by small ones. */
  #next(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (first.share.cpus > this.#freeCpus || first.share.memory > this.#freeMemory) return;
      this.#waiting.shift();
      this.#freeCpus -= first.share.cpus;
      this.#freeMemory -= first.share.memory;
      first.start();
    }
  }
}
