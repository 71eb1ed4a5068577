import type { Clip } from '../clip.ts';
import { BAND_RATE, bandOf } from './band.ts';

/** A recording as it can be recognised at another level, rate, cut or codec. */
export interface Fingerprint {
  /** A bit for each value of the band: whether it is above zero. */
  readonly signs: Uint32Array;
  /** A bit for each value that is loud enough for its sign to mean something. */
  readonly loud: Uint32Array;
  /** Where the band is loudest for some way around, in values of the band. */
  readonly peaks: Float32Array;
}

/** Only the beginning of long recordings is looked at. */
const seconds = 60;

/** What lies this far below the loudest place, as power, is not loud: noise decides its signs. */
const quiet = 10 ** -2.6;

/** Peaks are the greatest for so many values on both sides: 40 ms. */
const apart = 0.04 * BAND_RATE;

/** Values that the power is averaged over, thrice: 25 ms. */
const smoothing = 0.025 * BAND_RATE;

/**
 * Where the band of 200 to 750 Hz is above and below zero, and where it is loudest. Neither depends on level or sample
 * rate, and noise, a codec or a cut changes little of them.
 */
export function fingerprintOf(clip: Clip): Fingerprint {
  const band = bandOf(clip, seconds);
  let power: Float64Array = band.map((value) => value * value);
  for (let pass = 0; pass < 3; pass++) power = smoothed(power, smoothing);
  const loudest = power.reduce((most, value) => Math.max(most, value), 0);
  const threshold = loudest * quiet;
  const words = Math.ceil(band.length / 32);
  const signs = new Uint32Array(words);
  const loud = new Uint32Array(words);
  for (let place = 0; place < band.length; place++) {
    const bit = 1 << (place & 31);
    if (band[place] > 0) signs[place >>> 5] |= bit;
    if (loudest > 0 && power[place] > threshold) loud[place >>> 5] |= bit;
  }
  return { signs, loud, peaks: loudest > 0 ? peaksOf(power, threshold) : new Float32Array(0) };
}

function smoothed(values: Float64Array, width: number): Float64Array {
  const half = width >> 1;
  const result = new Float64Array(values.length);
  let sum = 0;
  for (let place = -half; place < values.length; place++) {
    if (place + half < values.length) sum += values[place + half];
    if (place - half - 1 >= 0) sum -= values[place - half - 1];
    // What rounding leaves of a loud place must not turn silence negative.
    if (place >= 0) result[place] = Math.max(0, sum);
  }
  return result;
}

function peaksOf(power: Float64Array, threshold: number): Float32Array {
  const peaks: number[] = [];
  for (let place = 1; place < power.length - 1; place++) {
    const value = power[place];
    if (value <= threshold || value < power[place - 1] || value <= power[place + 1]) continue;
    let greatest = true;
    const to = Math.min(power.length - 1, place + apart);
    for (let at = Math.max(0, place - apart); at <= to && greatest; at++) greatest = power[at] <= value;
    if (!greatest) continue;
    const [before, after] = [power[place - 1], power[place + 1]];
    peaks.push(place + (before - after) / (2 * (before - 2 * value + after)));
  }
  return Float32Array.from(peaks);
}

/** As text, for a cell of a table; empty of a recording without a peak, such as silence. */
export function encodeFingerprint({ signs, loud, peaks }: Fingerprint): string {
  if (peaks.length === 0) return '';
  const values = new Uint32Array(2 + 2 * signs.length + peaks.length);
  values.set([signs.length, peaks.length]);
  values.set(signs, 2);
  values.set(loud, 2 + signs.length);
  // Sixteenths of a value.
  values.set(
    peaks.map((peak) => Math.round(peak * 16)),
    2 + 2 * signs.length,
  );
  return Buffer.from(values.buffer).toString('base64');
}

/** Undefined of empty text, and of text that is no fingerprint. */
export function decodeFingerprint(text: string): Fingerprint | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < 8 || bytes.length % 4 !== 0) return undefined;
  const values = new Uint32Array(new Uint8Array(bytes).buffer);
  const [words, peaks] = values;
  if (values.length !== 2 + 2 * words + peaks) return undefined;
  return {
    signs: values.subarray(2, 2 + words),
    loud: values.subarray(2 + words, 2 + 2 * words),
    peaks: Float32Array.from(values.subarray(2 + 2 * words), (peak) => peak / 16),
  };
}
