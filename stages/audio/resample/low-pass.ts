/**
 * The low-pass filter of soxr's `HQ` recipe, which librosa resamples with: a Kaiser-windowed sinc, designed with the
 * formulas of libsoxr's `filter.c` (Rob Sykes, libsoxr 0.1.3), so that the transition band falls as it does there.
 */

/** The pass band ends here, as a part of the lower Nyquist frequency. Measured from soxr's impulse response. */
export const PASS_BAND_END = 0.913743494;
/** The stop band begins at the lower Nyquist frequency itself: nothing folds back. */
const STOP_BAND_START = 1;
/** Of the stop band: 20 bits of precision and one to spare. dB. */
const ATTENUATION = 21 * 20 * Math.log10(2);
/** libsoxr makes the number of taps 1 modulo 4. */
const TAPS_MODULO = 4;
/** Widens the window a little, so that its outermost taps are not wasted on nearly nothing. */
const WINDOW_MARGIN = 0.5;

/** Polynomials in the attenuation, one for each octave of transition width from 0.0005 on. */
const BETA_POLYNOMIALS: readonly (readonly [number, number, number, number])[] = [
  [-6.784957e-10, 1.02856e-5, 0.1087556, -0.8988365 + 0.001],
  [-6.897885e-10, 1.027433e-5, 0.10876, -0.8994658 + 0.002],
  [-1.000683e-9, 1.030092e-5, 0.1087677, -0.9007898 + 0.003],
  [-3.654474e-10, 1.040631e-5, 0.1087085, -0.8977766 + 0.006],
  [8.106988e-9, 6.983091e-6, 0.1091387, -0.9172048 + 0.015],
  [9.519571e-9, 7.272678e-6, 0.1090068, -0.9140768 + 0.025],
  [-5.626821e-9, 1.342186e-5, 0.1083999, -0.9065452 + 0.05],
  [-9.965946e-8, 5.073548e-5, 0.1040967, -0.7672778 + 0.085],
  [1.604808e-7, -5.856462e-5, 0.1185998, -1.34824 + 0.1],
  [-1.511964e-7, 6.363034e-5, 0.1064627, -0.9876665 + 0.18],
];

/**
 * Designs the filter for a rate at which the lower of the two Nyquist frequencies is 1/`factor` of Nyquist.
 *
 * @returns an odd number of symmetric taps with unit gain at 0 Hz.
 */
export function designLowPass(factor: number): Float64Array {
  const stop = STOP_BAND_START / factor;
  const transition = Math.min((STOP_BAND_START - PASS_BAND_END) / 2 / factor, stop / 2);
  const cutoff = stop - transition;
  const beta = kaiserBeta(transition / 2 / cutoff);
  const order = ((0.0007528358 - 1.577737e-5 * beta) * beta + 0.6248022) * beta + 0.06186902;
  const needed = Math.ceil(order / transition + 1);
  const taps = Math.floor((needed + TAPS_MODULO - 2) / TAPS_MODULO) * TAPS_MODULO + 1;
  return windowedSinc((taps - 1) / 2, cutoff, beta);
}

function kaiserBeta(transition: number): number {
  const octave = Math.log2(transition / 0.0005);
  const index = Math.min(Math.max(Math.floor(octave), 0), BETA_POLYNOMIALS.length - 1);
  const below = cubic(BETA_POLYNOMIALS[index], ATTENUATION);
  const above = cubic(BETA_POLYNOMIALS[Math.min(index + 1, BETA_POLYNOMIALS.length - 1)], ATTENUATION);
  return below + (above - below) * (octave - Math.floor(octave));
}

function cubic([a, b, c, d]: readonly [number, number, number, number], x: number): number {
  return ((a * x + b) * x + c) * x + d;
}

function windowedSinc(half: number, cutoff: number, beta: number): Float64Array {
  const taps = new Float64Array(2 * half + 1);
  const scale = 1 / besselI0(beta);
  for (let index = 0; index <= half; index++) {
    const ratio = index / (half + WINDOW_MARGIN);
    const sinc = index === 0 ? cutoff : Math.sin(Math.PI * cutoff * index) / (Math.PI * index);
    const tap = sinc * besselI0(beta * Math.sqrt(1 - ratio * ratio)) * scale;
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
