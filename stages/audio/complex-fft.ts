import { bitReversal } from './kernels/fft-tables.ts';

/** A complex FFT of a power of two in place, radix 2, for what is computed seldom; spectra of frames have a kernel. */
export class ComplexFft {
  readonly size: number;
  private readonly reversed: Int32Array;
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.reversed = bitReversal(size);
    this.cosines = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sines = Float64Array.from({ length: size / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  }

  forward(real: Float64Array, imaginary: Float64Array): void {
    this.reorder(real);
    this.reorder(imaginary);
    for (let half = 1; half < this.size; half *= 2) {
      const stride = this.size / (2 * half);
      for (let block = 0; block < this.size; block += 2 * half) {
        for (let k = 0; k < half; k++) {
          const upper = block + k;
          const lower = upper + half;
          const cosine = this.cosines[k * stride];
          const sine = this.sines[k * stride];
          const turnedReal = real[lower] * cosine - imaginary[lower] * sine;
          const turnedImaginary = real[lower] * sine + imaginary[lower] * cosine;
          real[lower] = real[upper] - turnedReal;
          imaginary[lower] = imaginary[upper] - turnedImaginary;
          real[upper] += turnedReal;
          imaginary[upper] += turnedImaginary;
        }
      }
    }
  }

  /** Scaled by 1 / size: the inverse of `forward`. */
  inverse(real: Float64Array, imaginary: Float64Array): void {
    // Exchanging the parts before and after conjugates both sides.
    this.forward(imaginary, real);
    for (let index = 0; index < this.size; index++) {
      real[index] /= this.size;
      imaginary[index] /= this.size;
    }
  }

  private reorder(values: Float64Array): void {
    for (let index = 0; index < this.size; index++) {
      const other = this.reversed[index];
      if (other > index) [values[index], values[other]] = [values[other], values[index]];
    }
  }
}
