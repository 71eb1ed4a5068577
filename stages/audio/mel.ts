/** Triangular filters on a spectrum, each kept only where it is not zero. */
export interface MelBank {
  readonly bands: number;
  /** The first bin of each filter. */
  readonly starts: Int32Array;
  /** Filter `m` has the weights from `offsets[m]` to `offsets[m + 1]`. */
  readonly offsets: Int32Array;
  readonly weights: Float32Array;
}

export interface MelOptions {
  /** Hz. */
  readonly sampleRate: number;
  readonly nFft: number;
  readonly bands: number;
  /** Hz; 0 by default. */
  readonly fMin?: number;
  /** Hz; the Nyquist frequency by default. */
  readonly fMax?: number;
}

/** Slaney's mel scale (Auditory Toolbox, 1998): linear to 1 kHz, then 27 logarithmic steps to a factor of 6.4. */
const LINEAR_END = 1000;
const HERTZ_PER_MEL = 200 / 3;
const LOG_STEP = Math.log(6.4) / 27;
const LINEAR_MELS = LINEAR_END / HERTZ_PER_MEL;

export function hertzToMel(hertz: number): number {
  return hertz < LINEAR_END ? hertz / HERTZ_PER_MEL : LINEAR_MELS + Math.log(hertz / LINEAR_END) / LOG_STEP;
}

export function melToHertz(mel: number): number {
  return mel < LINEAR_MELS ? mel * HERTZ_PER_MEL : LINEAR_END * Math.exp(LOG_STEP * (mel - LINEAR_MELS));
}

/** The bank of `librosa.filters.mel`: triangles evenly spaced in mel, each of unit area in Hz (`norm='slaney'`). */
export function melBank(options: MelOptions): MelBank {
  const { sampleRate, nFft, bands, fMin = 0, fMax = sampleRate / 2 } = options;
  const lowest = hertzToMel(fMin);
  const highest = hertzToMel(fMax);
  const edges = Float64Array.from({ length: bands + 2 }, (_, index) =>
    melToHertz(lowest + ((highest - lowest) * index) / (bands + 1)),
  );
  const starts = new Int32Array(bands);
  const offsets = new Int32Array(bands + 1);
  const weights: number[] = [];
  for (let band = 0; band < bands; band++) {
    const [left, centre, right] = edges.subarray(band, band + 3);
    const height = 2 / (right - left);
    for (let bin = 0; bin <= nFft / 2; bin++) {
      const hertz = (bin * sampleRate) / nFft;
      const weight = Math.min((hertz - left) / (centre - left), (right - hertz) / (right - centre));
      if (weight <= 0) continue;
      if (weights.length === offsets[band]) starts[band] = bin;
      weights.push(weight * height);
    }
    offsets[band + 1] = weights.length;
  }
  return { bands, starts, offsets, weights: Float32Array.from(weights) };
}
