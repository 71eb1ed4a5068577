import type { FrameSpectra } from './frames.ts';
import { PolynomialRoots } from './polynomial-roots.ts';

const RATE = 11_000;
const SAMPLES = 220;
/** Components of the spectrum that are taken over into the frame at the lower rate: those of `SAMPLES` points. */
const COMPONENTS = SAMPLES / 2;
const ORDER = 11;
const LOWEST = 50;
const HIGHEST = 5450;
export const FORMANTS = 3;

/**
 * Frequencies and bandwidths of the first three formants: roots of a linear prediction of order 11 by the method of
 * autocorrelation, of the frame at 11 kHz.
 *
 * Three peculiarities are the reference's and are kept, since its numbers are what the set is known for. The frame at
 * the lower rate holds only the first 110 components of the longer frame's spectrum and begins with its leading
 * zeros. The predictor's coefficients enter the polynomial with the opposite sign. Correlations are summed in single
 * precision, which shows where few components make them nearly dependent.
 */
export class Formants {
  /** Hz, of the last frame; 0 where there are fewer. */
  readonly frequencies = new Float64Array(FORMANTS);
  readonly bandwidths = new Float64Array(FORMANTS);
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;
  private readonly frame = new Float32Array(SAMPLES);
  private readonly correlation = new Float64Array(ORDER + 1);
  private readonly predictor = new Float64Array(ORDER);
  private readonly scratch = new Float64Array(ORDER);
  private readonly roots = new PolynomialRoots(ORDER);

  constructor(sampleRate: number, fftSize: number) {
    const angle = (2 * Math.PI * sampleRate) / (RATE * fftSize);
    const table = (wave: (angle: number) => number): Float64Array =>
      Float64Array.from({ length: SAMPLES * COMPONENTS }, (_, index) => {
        const sample = Math.floor(index / COMPONENTS);
        return (2 / fftSize) * wave(angle * sample * (index % COMPONENTS));
      });
    this.cosines = table(Math.cos);
    this.sines = table(Math.sin);
  }

  analyse(spectra: FrameSpectra): void {
    this.frequencies.fill(0);
    this.bandwidths.fill(0);
    this.resample(spectra);
    if (!this.predict()) return;
    for (let index = 0; index < ORDER; index++) this.scratch[index] = -this.predictor[index];
    this.roots.solve(this.scratch);
    this.collect();
  }

  private resample({ real, imaginary }: FrameSpectra): void {
    for (let sample = 0; sample < SAMPLES; sample++) {
      const row = sample * COMPONENTS;
      let sum = 0;
      for (let k = 0; k < COMPONENTS; k++) {
        sum += real[k] * this.cosines[row + k] - imaginary[k] * this.sines[row + k];
      }
      this.frame[sample] = sum;
    }
  }

  /** False for silence. */
  private predict(): boolean {
    this.correlateInSinglePrecision();
    if (this.recur()) return true;
    // Rounding has made the correlations those of no signal.
    this.correlate();
    return this.recur();
  }

  private correlateInSinglePrecision(): void {
    const { frame, correlation } = this;
    for (let lag = 0; lag <= ORDER; lag++) {
      let sum = 0;
      for (let n = 0; n + lag < SAMPLES; n++) sum = Math.fround(sum + Math.fround(frame[n] * frame[n + lag]));
      correlation[lag] = sum;
    }
  }

  private correlate(): void {
    const { frame, correlation } = this;
    for (let lag = 0; lag <= ORDER; lag++) {
      let sum = 0;
      for (let n = 0; n + lag < SAMPLES; n++) sum += frame[n] * frame[n + lag];
      correlation[lag] = sum;
    }
  }

  /** Levinson and Durbin's recursion; false where there is no energy left to predict. */
  private recur(): boolean {
    const { correlation, predictor, scratch } = this;
    let error = correlation[0];
    if (!(error > 0)) return false;
    predictor.fill(0);
    for (let order = 0; order < ORDER; order++) {
      let sum = correlation[order + 1];
      for (let index = 0; index < order; index++) sum += predictor[index] * correlation[order - index];
      const reflection = -sum / error;
      scratch.set(predictor);
      predictor[order] = reflection;
      for (let index = 0; index < order; index++) {
        predictor[index] += reflection * scratch[order - 1 - index];
      }
      error *= 1 - reflection * reflection;
      if (!(error > 0)) return false;
    }
    return true;
  }

  /** Keeps the lowest roots of the upper half plane that are formants, in order. */
  private collect(): void {
    const { real, imaginary } = this.roots;
    let count = 0;
    for (let root = 0; root < ORDER; root++) {
      if (imaginary[root] <= 1e-9) continue;
      const frequency = (Math.atan2(imaginary[root], real[root]) * RATE) / (2 * Math.PI);
      if (frequency < LOWEST || frequency > HIGHEST) continue;
      const radius = Math.hypot(real[root], imaginary[root]);
      const bandwidth = Math.abs((Math.log(radius) * RATE) / Math.PI);
      let place = Math.min(count, FORMANTS);
      while (place > 0 && this.frequencies[place - 1] > frequency) {
        if (place < FORMANTS) {
          this.frequencies[place] = this.frequencies[place - 1];
          this.bandwidths[place] = this.bandwidths[place - 1];
        }
        place--;
      }
      if (place < FORMANTS) {
        this.frequencies[place] = frequency;
        this.bandwidths[place] = bandwidth;
      }
      count++;
    }
  }
}
