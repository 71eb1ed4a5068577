/**
 * The two filters of soxr's `HQ` recipe, which librosa resamples with. Their numbers are those of soxr's impulse
 * responses, so that transition bands fall as they do there, and features with them.
 */
import type { KaiserSinc } from './kaiser.ts';

/** The pass band ends here, as a part of the lower of the two Nyquist frequencies; the stop band begins at that. */
export const PASS_BAND_END = 0.913743653267622;

/**
 * soxr shares its budget of error among the filters that it chains, so that each of a longer chain attenuates more.
 * By the number of shares: the window's shape, and the filter's length in sample periods of the lower rate.
 */
const SHARP: Readonly<Record<number, { readonly beta: number; readonly periods: number }>> = {
  /** -126 dB. */
  1: { beta: 13.0400358, periods: 192.5039107 },
  /** -132 dB. */
  2: { beta: 13.7112042, periods: 202.4087975 },
  /** -136 dB. */
  3: { beta: 14.1041861, periods: 208.2093469 },
  /** -138 dB. */
  4: { beta: 14.3831787, periods: 212.3278 },
};
const MOST_SHARES = 4;

/**
 * The filter that does the work: flat up to `PASS_BAND_END`, nothing from the lower Nyquist frequency on.
 *
 * @param factor Nyquist frequency of the rate it runs at, divided by the lower Nyquist frequency.
 * @param up that rate divided by the input rate.
 */
export function sharpFilter(factor: number, up: number, shares: number): KaiserSinc {
  const { beta, periods } = SHARP[Math.min(shares, MOST_SHARES)];
  // soxr makes the number of taps 1 modulo 4, and 1 modulo 8 where it multiplies the rate by 4.
  const modulo = up === 4 ? 8 : 4;
  const length = modulo * Math.ceil((periods * factor) / modulo) + 1;
  return { length, cutoff: (1 + PASS_BAND_END) / 2 / factor, beta, margin: 0.5 };
}

const WIDE_BETA = 14.4395464;
/** Half the transition band times the number of taps: the length that an attenuation of 138 dB needs. */
const WIDE_ORDER = 9.1931666;

/**
 * A filter for halving a rate or multiplying it by 4, where what must go lies apart from what must stay, so that it
 * is short.
 *
 * @param pass ends the pass band. @param stop begins the stop band; both as parts of the Nyquist frequency.
 */
export function wideFilter(pass: number, stop: number): KaiserSinc {
  const length = 8 * Math.ceil((2 * WIDE_ORDER) / (stop - pass) / 8) + 1;
  return { length, cutoff: (pass + stop) / 2, beta: WIDE_BETA, margin: 0.5 };
}

const SMOOTH_BETA = 14.0586387;
/** As `WIDE_ORDER`, for 132 dB. */
const SMOOTH_ORDER = 8.9506925;
/** The transition is widened until the pass band's end lies 0.01 dB down. */
const SMOOTH_WIDENING = 1.1438861955;
const FEWEST_DESIGN_PHASES = 19;

/** A filter for positions between samples, and how many of them there are from one sample to the next. */
export interface SmoothFilter {
  readonly taps: KaiserSinc;
  readonly phases: number;
}

/**
 * The filter that interpolates between samples that a sharp filter has already limited to 1/`factor` of their Nyquist
 * frequency. Its transition band covers what is empty, so it is short.
 *
 * @param phases positions between two samples at which it is wanted.
 * @param even whether the number of samples that it spans is to be even.
 */
export function smoothFilter(factor: number, phases: number, even: boolean): SmoothFilter {
  const passEnd = PASS_BAND_END / factor;
  return designSmooth(passEnd, 2 - (passEnd + (1 / factor - passEnd) * 0.7), phases, even);
}

/**
 * The filter that interpolates before a sharp filter that will halve the rate: only what would fold into the band that
 * that one leaves has to go.
 *
 * @param reduction of the rate by both together.
 */
export function smoothFirstFilter(reduction: number, phases: number): SmoothFilter {
  return designSmooth(PASS_BAND_END / reduction, 3 / reduction, phases, false);
}

function designSmooth(passEnd: number, stopStart: number, phases: number, even: boolean): SmoothFilter {
  const halfTransition = ((stopStart - passEnd) / 2) * SMOOTH_WIDENING;
  const designPhases = Math.max(phases, FEWEST_DESIGN_PHASES);
  let span = Math.floor(Math.ceil((SMOOTH_ORDER / halfTransition) * designPhases + 1) / designPhases) + 1;
  if (even) span += span % 2;
  // The middle of an odd number of taps must lie on a phase.
  const finer = span % 2 === 1 && phases % 2 === 1 ? 2 * phases : phases;
  const cutoff = (stopStart - halfTransition) / finer;
  return { taps: { length: span * finer - 1, cutoff, beta: SMOOTH_BETA, margin: 0.75 }, phases: finer };
}
