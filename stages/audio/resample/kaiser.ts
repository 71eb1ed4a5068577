/** A low-pass filter: a sinc under a Kaiser window. */
export interface KaiserSinc {
  /** Taps, odd. */
  readonly length: number;
  /** Half the amplitude is passed here, as a part of the Nyquist frequency. */
  readonly cutoff: number;
  /** Shape of the window. */
  readonly beta: number;
  /** The window is this much wider than the taps on either side, so that the outermost are not almost zero. */
  readonly margin: number;
}

/** Symmetric taps with unit gain at 0 Hz. */
export function kaiserSinc({ length, cutoff, beta, margin }: KaiserSinc): Float64Array {
  const half = (length - 1) / 2;
  const taps = new Float64Array(length);
  const scale = 1 / besselI0(beta);
  for (let index = 0; index <= half; index++) {
    const ratio = index / (half + margin);
    const sinc = index === 0 ? cutoff : Math.sin(Math.PI * cutoff * index) / (Math.PI * index);
    const tap = sinc * besselI0(beta * Math.sqrt(1 - ratio ** 2)) * scale;
    taps[half + index] = tap;
    taps[half - index] = tap;
  }
  return taps;
}

/** The modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
  const quarterSquare = (x * x) / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarterSquare / (k * k);
    sum += term;
  }
  return sum;
}
