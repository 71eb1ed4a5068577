import { MersenneTwister } from './mersenne-twister.ts';

/** Seeded draws; each gives what the method of the same name of numpy's `RandomState` gives. */
export class RandomState {
  readonly #generator: MersenneTwister;
  #spareNormal: number | undefined;

  constructor(seed: number) {
    this.#generator = new MersenneTwister(seed);
  }

  /** A float of [0, 1) with 53 random bits: numpy's `random_sample`. */
  uniform(): number {
    const high = this.#generator.next() >>> 5;
    const low = this.#generator.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** An integer of 0 … `count` − 1, each as likely: draws are masked and those too large thrown away. */
  integer(count: number): number {
    const largest = count - 1;
    if (largest === 0) return 0;
    const mask = 0xffffffff >>> Math.clz32(largest);
    let value;
    do value = (this.#generator.next() & mask) >>> 0;
    while (value > largest);
    return value;
  }

  /** A draw of the standard normal distribution: Marsaglia's polar method, numpy's `standard_normal`. */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const squared = x * x + y * y;
      if (squared >= 1 || squared === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(squared)) / squared);
      this.#spareNormal = factor * x;
      return factor * y;
    }
  }

  /** Shuffles in place by Fisher and Yates, from the end. */
  shuffle<Items extends { length: number; [index: number]: unknown }>(items: Items): Items {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [items[i], items[j]] = [items[j], items[i]];
    }
    return items;
  }

  /** The integers 0 … `count` − 1 in random order. */
  permutation(count: number): Int32Array {
    return this.shuffle(Int32Array.from({ length: count }, (_, index) => index));
  }

  /** `size` of the items, each at most once. */
  choice<Item>(items: readonly Item[], size: number): Item[] {
    return Array.from(this.permutation(items.length).subarray(0, size), (index) => items[index]);
  }
}
