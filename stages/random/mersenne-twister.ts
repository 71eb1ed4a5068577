const stateSize = 624;
const shiftSize = 397;

/**
 * MT19937 of Matsumoto and Nishimura (1998), seeded as numpy's `RandomState(seed)`: one generator for all stages,
 * so that a split drawn here is the split that scikit-learn draws with the same seed.
 */
export class MersenneTwister {
  readonly #state = new Uint32Array(stateSize);
  #position = stateSize;

  /** `seed`: an integer; its low 32 bits count. */
  constructor(seed: number) {
    this.#state[0] = seed >>> 0;
    for (let i = 1; i < stateSize; i++) {
      const previous = this.#state[i - 1] ^ (this.#state[i - 1] >>> 30);
      this.#state[i] = Math.imul(previous, 1812433253) + i;
    }
  }

  /** The next integer of 0 … 2³² − 1. */
  next(): number {
    if (this.#position === stateSize) this.#twist();
    let value = this.#state[this.#position++];
    value ^= value >>> 11;
    value ^= (value << 7) & 0x9d2c5680;
    value ^= (value << 15) & 0xefc60000;
    value ^= value >>> 18;
    return value >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < stateSize; i++) {
      const joined = (state[i] & 0x80000000) | (state[(i + 1) % stateSize] & 0x7fffffff);
      const mixed = joined & 1 ? (joined >>> 1) ^ 0x9908b0df : joined >>> 1;
      state[i] = state[(i + shiftSize) % stateSize] ^ mixed;
    }
    this.#position = 0;
  }
}
