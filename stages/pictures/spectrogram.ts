import type { Clip } from '../audio/clip.ts';
import { hertzToMel } from '../audio/mel.ts';
import { MelSpectrogram } from '../audio/mel-spectrogram.ts';
import { soundScale } from './colour-scale.ts';
import { peakOf } from './envelope.ts';
import { heatMapPng } from './heat-map.ts';

const nFft = 2048;
const shortestHop = 64;
/** The square of the sum of a frame of such samples is far within single precision. */
const greatestDrawn = 1e9;

/** Powers this far below the clip's greatest are drawn as silence, in dB. */
export const dynamicRange = 70;

export interface SpectrogramSize {
  /** About how many frames; fewer of a short clip. */
  readonly columns: number;
  /** Mel bands. */
  readonly bands: number;
}

/**
 * A log-mel spectrogram in colours, low frequencies at the bottom, one pixel for a band and a frame, as PNG. A clip of any
 * numbers has one: what is looked at is often what is broken.
 */
export function spectrogramPng(
  { samples, sampleRate }: Clip,
  place: string,
  { columns, bands }: SpectrogramSize,
): Buffer {
  const hopLength = Math.max(shortestHop, Math.round(samples.length / columns));
  const mel = new MelSpectrogram({ sampleRate, nFft, hopLength, banks: [{ bands, reference: 'max' }] });
  return mel.analyse(drawable(samples), place, ([{ frames, decibels }]) =>
    heatMapPng(
      { frames, width: bands, values: decibels },
      { scale: soundScale, low: -dynamicRange, high: 0 },
    ),
  );
}

/** Finite samples whose powers are so too. Colours are relative to the loudest, so that the level does not matter. */
function drawable(samples: Float32Array): Float32Array {
  const peak = peakOf(samples);
  if (peak <= greatestDrawn && samples.every((value) => Number.isFinite(value))) return samples;
  const scale = peak > greatestDrawn ? peak : 1;
  return samples.map((value) => (Number.isFinite(value) ? value / scale : 0));
}

/** How far up a spectrogram of so many mel bands a frequency lies, from 0 to 1 (see `melBank`). */
export function heightOfFrequency(hertz: number, sampleRate: number, bands: number): number {
  const share = hertzToMel(hertz) / hertzToMel(sampleRate / 2);
  return Math.max(0, Math.min(1, (share * (bands + 1) - 0.5) / bands));
}
