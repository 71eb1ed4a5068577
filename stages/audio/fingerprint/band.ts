import type { Clip } from '../clip.ts';

/** Hz. What every recording is brought to, whatever its own rate. */
export const BAND_RATE = 2000;

/** Hz. Telephones, codecs and resampling leave this band as it is; it holds the first formant and harmonics of the pitch. */
const [lowest, highest] = [200, 750];

/** Seconds on each side that a value of the band is made from. */
const reach = 0.004;

/** How finely the filter is tabulated, in steps a second. */
const fineness = 256_000;

/** Recordings are averaged down to about this rate first. */
const coarseRate = 4000;

const kernel = Float64Array.from({ length: Math.ceil(reach * fineness) + 1 }, (_, step) => {
  const time = step / fineness;
  const pass = (hertz: number): number =>
    time === 0 ? 2 * hertz : Math.sin(2 * Math.PI * hertz * time) / (Math.PI * time);
  return (pass(highest) - pass(lowest)) * (0.5 + 0.5 * Math.cos((Math.PI * time) / reach));
});

/**
 * The band of 200 to 750 Hz of a recording at `BAND_RATE`, of its first `seconds`. Times are those of the recording, so
 * that the same sound at two rates gives the same values but for rounding and aliases, which are small in speech.
 */
export function bandOf({ samples, sampleRate }: Clip, seconds: number): Float64Array {
  const factor = Math.max(1, Math.floor(sampleRate / coarseRate));
  const length = Math.min(samples.length, Math.floor(seconds * sampleRate));
  const coarse = new Float64Array(Math.floor(length / factor));
  for (let place = 0; place < coarse.length; place++) {
    let sum = 0;
    for (let at = place * factor; at < (place + 1) * factor; at++) sum += samples[at];
    coarse[place] = sum;
  }
  const rate = sampleRate / factor;
  // A mean stands for the middle of what it is the mean of.
  const delay = (factor - 1) / (2 * factor);
  const band = new Float64Array(Math.floor((length / sampleRate) * BAND_RATE));
  const step = fineness / rate;
  for (let place = 0; place < band.length; place++) {
    const middle = (place / BAND_RATE) * rate - delay;
    const from = Math.max(0, Math.ceil(middle - reach * rate));
    const to = Math.min(coarse.length - 1, Math.floor(middle + reach * rate));
    let sum = 0;
    for (let at = from; at <= to; at++) sum += coarse[at] * kernel[(Math.abs(at - middle) * step) | 0];
    band[place] = sum;
  }
  return band;
}
