import { dctMatrix } from './dct.ts';

/** The cepstral coefficients of log-mel frames, frames × `coefficients`, row-major: their orthonormal DCT-II. */
export function cepstrum(decibels: Float32Array, bands: number, coefficients: number): Float32Array {
  const matrix = dctMatrix(coefficients, bands);
  const frames = decibels.length / bands;
  const result = new Float32Array(frames * coefficients);
  for (let frame = 0; frame < frames; frame++) {
    for (let row = 0; row < coefficients; row++) {
      let sum = 0;
      for (let band = 0; band < bands; band++)
        sum += matrix[row * bands + band] * decibels[frame * bands + band];
      result[frame * coefficients + row] = sum;
    }
  }
  return result;
}
