/** A stream of random numbers: the same for the same seeds, on every machine. */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let hash = value >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A seed of 31 bits (TensorFlow takes int32) made of several, such as a stage's seed and a fold's number. */
export function deriveSeed(...parts: readonly number[]): number {
  return parts.reduce((seed, part) => mix(seed + 0x9e3779b9 + mix(part + 0x7f4a7c15)), 0) >>> 1;
}

/** xoshiro128** (Blackman and Vigna, 2018), its state filled from the seeds. */
export function randomStream(...seeds: readonly number[]): Random {
  const state = Uint32Array.from({ length: 4 }, (_, i) => deriveSeed(...seeds, i) + 1);
  const next = (): number => {
    const product = Math.imul(state[1], 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = (state[3] << 11) | (state[3] >>> 21);
    return result;
  };
  const uniform = (): number => next() / 2 ** 32;
  return {
    uniform,
    normal() {
      // Box and Muller; 1 − u lies in (0, 1], where the logarithm is finite.
      return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    },
  };
}

/** Puts values into a random order, in place (Fisher and Yates). */
export function shuffle(values: Int32Array, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [values[i], values[j]] = [values[j], values[i]];
  }
}

/** A draw from Beta(α, α): the share of one of two Gamma(α, 1) draws in their sum. */
export function betaVariate(alpha: number, random: Random): number {
  const a = gammaVariate(alpha, random);
  const b = gammaVariate(alpha, random);
  // For a tiny α both draws may underflow; then one of the ends is meant.
  return a + b === 0 ? Math.round(random.uniform()) : a / (a + b);
}

/** Marsaglia and Tsang (2000). */
function gammaVariate(shape: number, random: Random): number {
  if (shape < 1) return gammaVariate(shape + 1, random) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
