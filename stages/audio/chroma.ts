/** Pitch classes, C first. */
export const CHROMA_BINS = 12;

const A4 = 440;
/** C0 lies at octave 0: the octave of A4 / 16. */
const OCTAVE_ZERO = A4 / 16;
/** Weights fall off from this octave on either side, with a Gaussian of this many octaves. */
const CENTRE_OCTAVE = 5;
const OCTAVE_WIDTH = 2;
/** From A, where octaves are counted from, to C. */
const SEMITONES_TO_C = 3;

/**
 * The filters of `librosa.filters.chroma` for A4 = 440 Hz: what each bin of a spectrum gives to each pitch class
 * (Ellis 2007). 12 × (nFft / 2 + 1), row-major.
 */
export function chromaFilters(sampleRate: number, nFft: number): Float32Array {
  const bins = nFft / 2 + 1;
  const positions = Float64Array.from({ length: bins + 1 }, (_, bin) => semitones((bin * sampleRate) / nFft));
  // 0 Hz has no pitch: it is put one and a half octaves below the first bin.
  positions[0] = positions[1] - 1.5 * CHROMA_BINS;
  const filters = new Float32Array(CHROMA_BINS * bins);
  for (let bin = 0; bin < bins; bin++) {
    const width = Math.max(positions[bin + 1] - positions[bin], 1);
    const bumps = Float64Array.from({ length: CHROMA_BINS }, (_, pitch) =>
      Math.exp(-0.5 * ((2 * distance(positions[bin], pitch)) / width) ** 2),
    );
    const norm = Math.hypot(...bumps);
    const octave = positions[bin] / CHROMA_BINS;
    const scale = Math.exp(-0.5 * ((octave - CENTRE_OCTAVE) / OCTAVE_WIDTH) ** 2) / norm;
    bumps.forEach((bump, pitch) => {
      const row = (pitch + CHROMA_BINS - SEMITONES_TO_C) % CHROMA_BINS;
      filters[row * bins + bin] = bump * scale;
    });
  }
  return filters;
}

/** Chroma of power spectra, each frame divided by its greatest value: frames × 12, as `librosa.feature.chroma_stft`. */
export function chroma(powers: Float32Array, filters: Float32Array): Float32Array {
  const bins = filters.length / CHROMA_BINS;
  const frames = powers.length / bins;
  const result = new Float32Array(frames * CHROMA_BINS);
  for (let frame = 0; frame < frames; frame++) {
    const row = result.subarray(frame * CHROMA_BINS, (frame + 1) * CHROMA_BINS);
    for (let pitch = 0; pitch < CHROMA_BINS; pitch++) {
      let sum = 0;
      for (let bin = 0; bin < bins; bin++) sum += filters[pitch * bins + bin] * powers[frame * bins + bin];
      row[pitch] = sum;
    }
    const greatest = Math.max(...row);
    if (greatest >= 2 ** -126) row.forEach((value, pitch) => (row[pitch] = value / greatest));
  }
  return result;
}

function semitones(hertz: number): number {
  return CHROMA_BINS * Math.log2(hertz / OCTAVE_ZERO);
}

/** From a pitch class to a position, the shorter way round the octave. */
function distance(position: number, pitch: number): number {
  const half = CHROMA_BINS / 2;
  const turned = (position - pitch + half + 10 * CHROMA_BINS) % CHROMA_BINS;
  return (turned < 0 ? turned + CHROMA_BINS : turned) - half;
}
