import { ComplexFft } from '../complex-fft.ts';
import { FORMANTS } from './formants.ts';

const MOST_HARMONICS = 100;
/** What stands for the level of a formant without a harmonic near it, and without voice, in dB. */
const NO_LEVEL = -201;
/** A formant's harmonics lie within this share of its frequency. */
const NEAR = 0.2;
const SMALLEST = 1e-20;
/** Stands for a ratio of harmonics to noise where the autocorrelation has no positive peak, in dB. */
const LEAST_RATIO = -20;

/**
 * Levels of harmonics of a voiced frame: the ratio of harmonics to noise, differences of harmonics, and the level of
 * the strongest harmonic near each formant over that of the fundamental, all in dB.
 *
 * Two peculiarities are the reference's: what it calls H1 and H2 are the second and the third harmonic, and the level
 * of the fundamental is that of its strongest bin where all others are the vertex of a parabola.
 */
export class Harmonics {
  harmonicsToNoise = 0;
  /** H1-H2 and H1-A3. */
  firstToSecond = 0;
  firstToThirdFormant = 0;
  readonly formantLevels = new Float64Array(FORMANTS).fill(NO_LEVEL);
  private readonly hertzPerBin: number;
  private readonly sampleRate: number;
  private readonly fft: ComplexFft;
  private readonly real: Float64Array;
  private readonly imaginary: Float64Array;
  private readonly peaks: Int32Array;
  private peakCount = 0;

  constructor(sampleRate: number, fftSize: number) {
    this.sampleRate = sampleRate;
    this.hertzPerBin = sampleRate / fftSize;
    this.fft = new ComplexFft(fftSize);
    this.real = new Float64Array(fftSize);
    this.imaginary = new Float64Array(fftSize);
    this.peaks = new Int32Array(fftSize / 4 + 1);
  }

  /** @param pitch Hz; 0 for a frame without voice. */
  analyse(magnitudes: Float64Array, pitch: number, formants: Float64Array): void {
    this.harmonicsToNoise = 0;
    this.firstToSecond = 0;
    this.firstToThirdFormant = 0;
    this.formantLevels.fill(NO_LEVEL);
    if (pitch <= 0) return;
    this.harmonicsToNoise = this.autocorrelationRatio(magnitudes, pitch);
    this.findPeaks(magnitudes);
    if (this.peakCount === 0) return;
    const fundamental = decibels(magnitudes[this.peakNear(pitch)]);
    const second = this.vertexNear(magnitudes, 2 * pitch);
    this.firstToSecond = second - this.vertexNear(magnitudes, 3 * pitch);
    for (let formant = 0; formant < FORMANTS; formant++) {
      const level = this.strongestNear(magnitudes, pitch, formants[formant]);
      this.formantLevels[formant] = level === undefined ? 0 : level - fundamental;
      if (level === undefined) continue;
      if (formant === FORMANTS - 1) this.firstToThirdFormant = second - level;
    }
  }

  /** The autocorrelation's peak at the period over what is missing from its value at 0. */
  private autocorrelationRatio(magnitudes: Float64Array, pitch: number): number {
    const { real, imaginary } = this;
    const half = magnitudes.length - 1;
    imaginary.fill(0);
    for (let bin = 0; bin <= half; bin++) real[bin] = magnitudes[bin] * magnitudes[bin];
    for (let bin = 1; bin < half; bin++) real[2 * half - bin] = real[bin];
    this.fft.forward(real, imaginary);
    const period = this.sampleRate / pitch;
    let lag = Math.min(half - 1, Math.max(1, Math.round(period)));
    // Up the slope to the nearest local maximum, but not so far as to reach the one at 0.
    while (lag > period / 2 && lag < half - 1) {
      if (real[lag + 1] > real[lag]) lag++;
      else if (real[lag - 1] > real[lag]) lag--;
      else break;
    }
    const noise = Math.max(SMALLEST, real[0] - real[lag]);
    return Math.max(LEAST_RATIO, 10 * Math.log10(Math.max(SMALLEST, real[lag]) / noise));
  }

  private findPeaks(magnitudes: Float64Array): void {
    this.peakCount = 0;
    for (let bin = 1; bin < magnitudes.length - 1; bin++) {
      if (magnitudes[bin] > magnitudes[bin - 1] && magnitudes[bin] > magnitudes[bin + 1]) {
        this.peaks[this.peakCount++] = bin;
      }
    }
  }

  private peakNear(hertz: number): number {
    const position = hertz / this.hertzPerBin;
    let low = 0;
    let high = this.peakCount - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.peaks[middle] < position) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && position - this.peaks[low - 1] <= this.peaks[low] - position) low--;
    return this.peaks[low];
  }

  private vertexNear(magnitudes: Float64Array, hertz: number): number {
    return decibels(vertex(magnitudes, this.peakNear(hertz)));
  }

  private strongestNear(magnitudes: Float64Array, pitch: number, formant: number): number | undefined {
    if (formant <= 0) return undefined;
    const most = Math.min(MOST_HARMONICS, Math.floor((this.hertzPerBin * (magnitudes.length - 2)) / pitch));
    let strongest = -1;
    let isFundamental = false;
    for (let harmonic = 1; harmonic <= most; harmonic++) {
      const bin = this.peakNear(harmonic * pitch);
      if (Math.abs(bin * this.hertzPerBin - formant) > NEAR * formant) continue;
      if (strongest >= 0 && magnitudes[bin] <= magnitudes[strongest]) continue;
      strongest = bin;
      isFundamental = harmonic === 1;
    }
    if (strongest < 0) return undefined;
    return decibels(isFundamental ? magnitudes[strongest] : vertex(magnitudes, strongest));
  }
}

function vertex(values: Float64Array, peak: number): number {
  const [left, height, right] = [values[peak - 1], values[peak], values[peak + 1]];
  const shift = (0.5 * (left - right)) / (left - 2 * height + right);
  return height - 0.25 * (left - right) * shift;
}

function decibels(magnitude: number): number {
  return 20 * Math.log10(Math.max(SMALLEST, magnitude));
}
