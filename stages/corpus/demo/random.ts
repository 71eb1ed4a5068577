const { imul } = Math;

/** A stream of numbers that depends on its seed alone. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Near normal, mean 0 and standard deviation 1, never beyond ±6: the sum of twelve uniforms, less 6. */
  normal(): number;
}

/** The stream of `seed` and `path`: streams of different paths have nothing to do with each other. */
export function randomStream(seed: number, ...path: readonly number[]): RandomStream {
  let state = [seed, ...path].reduce((mixed, part) => mix((mixed ^ part) + 0x9e3779b9), 0x243f6a88);

  // Mulberry32 (Tommy Ettinger, public domain).
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), 1 | state);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };

  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    normal: () => {
      let sum = -6;
      for (let n = 0; n < 12; n += 1) sum += uniform();
      return sum;
    },
  };
}

/** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let h = value | 0;
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
