/**
 * The low-pass filter of soxr's `HQ` recipe, which librosa resamples with: a sinc under a Kaiser window. Its numbers
 * were fitted to the impulse response of soxr, so that the transition band falls as it does there.
 *
 * The pass band ends at 0.9137 of the lower Nyquist frequency, the stop band begins at that frequency itself, with
 * -126 dB: nothing audible folds back.
 */

/** Half the amplitude is passed here, as a part of the lower Nyquist frequency. */
const CUTOFF = 0.9568718266;
/** Of the Kaiser window. */
const BETA = 13.040039;
/** Length of the filter in periods of the lower Nyquist frequency's sample rate. */
const SPAN = 192.5025;
/** soxr makes the number of taps 1 modulo 4. */
const TAPS_MODULO = 4;
/** The window is this much wider than the taps on either side, so that the outermost are not almost zero. */
const WINDOW_MARGIN = 0.5;

/**
 * Designs the filter for a rate at which the lower of the two Nyquist frequencies is 1/`factor` of Nyquist.
 *
 * @returns an odd number of symmetric taps with unit gain at 0 Hz.
 */
export function designLowPass(factor: number): Float64Array {
  const half = (TAPS_MODULO / 2) * Math.ceil((SPAN * factor) / TAPS_MODULO);
  return windowedSinc(half, CUTOFF / factor);
}

/** @param half taps on either side of the middle. @param cutoff as a part of the Nyquist frequency. */
function windowedSinc(half: number, cutoff: number): Float64Array {
  const taps = new Float64Array(2 * half + 1);
  const scale = 1 / besselI0(BETA);
  for (let index = 0; index <= half; index++) {
    const ratio = index / (half + WINDOW_MARGIN);
    const sinc = index === 0 ? cutoff : Math.sin(Math.PI * cutoff * index) / (Math.PI * index);
    const tap = sinc * besselI0(BETA * Math.sqrt(1 - ratio * ratio)) * scale;
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
