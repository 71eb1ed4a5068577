/**
 * The orthonormal DCT-II as a matrix, `coefficients` × `bands`, row-major: SciPy's `dct(type=2, norm='ortho')`,
 * of which only the first coefficients are wanted.
 */
export function dctMatrix(coefficients: number, bands: number): Float64Array {
  const matrix = new Float64Array(coefficients * bands);
  for (let row = 0; row < coefficients; row++) {
    const scale = Math.sqrt((row === 0 ? 1 : 2) / bands);
    for (let band = 0; band < bands; band++) {
      matrix[row * bands + band] = scale * Math.cos((Math.PI * row * (2 * band + 1)) / (2 * bands));
    }
  }
  return matrix;
}
