import type { OctaveSpectrum } from './octave-spectrum.ts';

const HARMONICS = 15;
const COMPRESSION = 0.85;
const LOWEST = 55;
const HIGHEST = 1000;
/** Peaks of a frame that may become candidates. */
const MOST_CANDIDATES = 6;

/** A frame's candidates for the pitch, the strongest first. */
export interface PitchCandidates {
  /** Hz. */
  readonly frequencies: readonly number[];
  /** How far each stands out of the summed spectrum: 1 minus its mean over the peak. */
  readonly voicing: readonly number[];
}

interface Peak {
  readonly height: number;
  readonly frequency: number;
  readonly vertex: number;
}

/** Candidates for the pitch by subharmonic summation (Hermes 1988) over 15 harmonics. */
export class SubharmonicSummation {
  private readonly spectrum: OctaveSpectrum;
  private readonly sums: Float64Array;
  private readonly shifts: Int32Array;

  constructor(spectrum: OctaveSpectrum) {
    this.spectrum = spectrum;
    this.sums = new Float64Array(spectrum.points);
    this.shifts = Int32Array.from({ length: HARMONICS }, (_, index) =>
      Math.floor(Math.log2(index + 1) * spectrum.pointsPerOctave),
    );
  }

  /** Candidates in the octave spectrum as it stands. */
  find(): PitchCandidates {
    const mean = this.sum();
    const peaks = this.strongest().filter(({ frequency }) => frequency >= LOWEST && frequency <= HIGHEST);
    return {
      frequencies: peaks.map(({ frequency }) => frequency),
      voicing: peaks.map(({ vertex }) => 1 - mean / vertex),
    };
  }

  /** Sums the shifted spectra, each weaker than the one before, and gives the mean of the sum. */
  private sum(): number {
    const { sums, shifts } = this;
    const { values } = this.spectrum;
    sums.fill(0);
    let weight = 1 / HARMONICS;
    for (const shift of shifts) {
      for (let point = 0; point + shift < sums.length; point++) sums[point] += weight * values[point + shift];
      weight *= COMPRESSION;
    }
    let total = 0;
    for (let point = 0; point < sums.length; point++) total += sums[point];
    return total / sums.length;
  }

  private strongest(): Peak[] {
    const { sums } = this;
    const peaks: Peak[] = [];
    for (let point = 1; point < sums.length - 1; point++) {
      const [left, height, right] = [sums[point - 1], sums[point], sums[point + 1]];
      if (height <= left || height <= right) continue;
      if (peaks.length === MOST_CANDIDATES && height <= peaks[MOST_CANDIDATES - 1].height) continue;
      const shift = (0.5 * (left - right)) / (left - 2 * height + right);
      const peak = {
        height,
        vertex: height - 0.25 * (left - right) * shift,
        frequency: this.spectrum.frequencyOf(point + shift),
      };
      const place = peaks.findIndex((other) => other.height < height);
      peaks.splice(place < 0 ? peaks.length : place, 0, peak);
      peaks.length = Math.min(peaks.length, MOST_CANDIDATES);
    }
    return peaks;
  }
}
