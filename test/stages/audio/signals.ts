/**
 * Test signals of whole numbers only: `scripts/fixtures/librosa_fixtures.py` makes the same samples bit by bit.
 *
 * - `silence`: zeros.
 * - `noise`: a quarter of full scale throughout.
 * - `voice`: a sawtooth of 100 Hz whose pitch and level move, with some noise, between two nearly silent ends.
 */
export type SignalKind = 'silence' | 'noise' | 'voice';

const HALF_SCALE = 32_768;

export function signal(kind: SignalKind, rate: number, count: number, seed: number): Float32Array {
  const hiss = linearCongruentialNoise(seed);
  let phase = 0;
  return Float32Array.from({ length: count }, (_, n) => {
    const random = hiss();
    phase += Math.floor((65_536 * (100 + Math.floor((40 * (n % rate)) / rate))) / rate);
    if (kind === 'silence') return 0;
    if (kind === 'noise') return Math.floor(random / 4) / HALF_SCALE;
    const loud = n >= Math.floor(count / 5) && n < Math.floor((count * 7) / 10);
    if (!loud) return Math.floor(random / 2048) / HALF_SCALE;
    const saw = (phase % 65_536) - HALF_SCALE;
    const swell = 1 + 6 * (Math.floor((n * 8) / count) % 3);
    return (Math.floor((saw * swell) / 40) + Math.floor(random / 32)) / HALF_SCALE;
  });
}

/** 16-bit noise with the multiplier and increment of Numerical Recipes. */
function linearCongruentialNoise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(1_664_525, state) + 1_013_904_223) >>> 0;
    return (state >>> 16) - HALF_SCALE;
  };
}

export function sine(hertz: number, rate: number, count: number, phase = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => Math.sin((2 * Math.PI * hertz * n) / rate + phase));
}
