/**
 * Exponential and sine from additions, multiplications and divisions alone. ECMAScript leaves the last bits of
 * `Math.exp` and `Math.sin` to the engine, while these four operations are exact to IEEE 754 everywhere: the
 * corpus is the same bytes on every machine and version of Node.
 */

const { abs, round } = Math;
const LN2 = 0.6931471805599453;
const TAYLOR_TERMS = 14;

/** `e^x` to about 1e-15 relative, for |x| up to 700. */
export function exponential(x: number): number {
  const doublings = round(x / LN2);
  const remainder = x - doublings * LN2;
  let sum = 1;
  for (let n = TAYLOR_TERMS; n >= 1; n -= 1) sum = 1 + (sum * remainder) / n;
  return scaleByPowerOfTwo(sum, doublings);
}

function scaleByPowerOfTwo(value: number, exponent: number): number {
  const factor = exponent < 0 ? 0.5 : 2;
  let result = value;
  for (let n = abs(exponent); n > 0; n -= 1) result *= factor;
  return result;
}

/** The ratio of two frequencies `semitones` apart: `2^(semitones / 12)`. */
export function semitoneRatio(semitones: number): number {
  return exponential((semitones / 12) * LN2);
}

/** The ratio of two amplitudes `decibels` apart: `10^(decibels / 20)`. */
export function amplitudeRatio(decibels: number): number {
  return exponential((decibels / 20) * 2.302585092994046);
}

/** The sine of `cycles` full turns, to about 1e-14. */
export function sineOfCycles(cycles: number): number {
  const turn = cycles - round(cycles);
  // sin is mirrored at a quarter turn, so that the series is needed only up to there.
  const folded = turn > 0.25 ? 0.5 - turn : turn < -0.25 ? -0.5 - turn : turn;
  const x = folded * 2 * Math.PI;
  const square = x * x;
  let sum = 1;
  for (let n = 23; n >= 3; n -= 2) sum = 1 - (sum * square) / (n * (n - 1));
  return x * sum;
}

export function cosineOfCycles(cycles: number): number {
  return sineOfCycles(cycles + 0.25);
}
