import { StageFailure } from '../../runner/kind/index.ts';
import { powerToDecibel } from './decibel.ts';

const LOWEST_EDGE = 200;
const OCTAVES = 6;
/** Bands of the contrast: up to 200 Hz, then by octaves. */
export const CONTRAST_BANDS = OCTAVES + 1;
/** The strongest and the weakest 2 % of a band are its peak and its valley. */
const QUANTILE = 0.02;
const DYNAMIC_RANGE_DB = 80;

interface Band {
  readonly first: number;
  readonly end: number;
  /** Bins that make the peak, and as many the valley. */
  readonly extremes: number;
}

/**
 * Peak less valley of each octave band in dB, frames × 7, as `librosa.feature.spectral_contrast` (Jiang et al. 2002).
 *
 * @param powers power spectra, frames × (nFft / 2 + 1); the contrast is of magnitudes.
 */
export function spectralContrast(powers: Float32Array, sampleRate: number, nFft: number): Float32Array {
  const bins = nFft / 2 + 1;
  const frames = powers.length / bins;
  const bands = contrastBands(sampleRate, nFft);
  const peaks = new Float64Array(frames * CONTRAST_BANDS);
  const valleys = new Float64Array(frames * CONTRAST_BANDS);
  for (let frame = 0; frame < frames; frame++) {
    const magnitudes = powers.subarray(frame * bins, (frame + 1) * bins).map(Math.sqrt);
    bands.forEach(({ first, end, extremes }, band) => {
      const sorted = magnitudes.slice(first, end).sort();
      const place = frame * CONTRAST_BANDS + band;
      valleys[place] = mean(sorted.subarray(0, extremes));
      peaks[place] = mean(sorted.subarray(sorted.length - extremes));
    });
  }
  const peakLevels = limitedDecibels(peaks);
  const valleyLevels = limitedDecibels(valleys);
  return Float32Array.from(peakLevels, (level, index) => level - valleyLevels[index]);
}

/** @throws StageFailure where the sample rate is too low for the bands. */
export function requireContrastRate(sampleRate: number, place: string): void {
  const highest = LOWEST_EDGE * 2 ** (OCTAVES - 1);
  if (sampleRate / 2 > highest) return;
  throw new StageFailure(
    `spectral contrast needs more than ${2 * highest} Hz, and the clip has ${sampleRate}`,
    {
      place,
      hint: 'set a higher preprocess.sampleRate, or leave contrast out',
    },
  );
}

function contrastBands(sampleRate: number, nFft: number): Band[] {
  const hertz = sampleRate / nFft;
  const edges = [0, ...Array.from({ length: OCTAVES + 1 }, (_, octave) => LOWEST_EDGE * 2 ** octave)];
  return Array.from({ length: CONTRAST_BANDS }, (_, band) => {
    const isLast = band === CONTRAST_BANDS - 1;
    // A band takes the bin before it too, and all but the last give their own last bin away.
    const first = Math.max(0, Math.ceil(edges[band] / hertz) - (band > 0 ? 1 : 0));
    const end = isLast ? nFft / 2 + 1 : Math.floor(edges[band + 1] / hertz) + 1;
    const extremes = Math.max(1, roundHalfToEven(QUANTILE * (end - first)));
    return { first, end: isLast ? end : end - 1, extremes };
  });
}

/** As NumPy's rint. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** librosa takes the magnitudes for powers here, with its floor and its 80 dB over all bands and frames. */
function limitedDecibels(values: Float64Array): Float64Array {
  const levels = values.map(powerToDecibel);
  const floor = levels.reduce((most, level) => Math.max(most, level), -Infinity) - DYNAMIC_RANGE_DB;
  return levels.map((level) => Math.max(floor, level));
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
