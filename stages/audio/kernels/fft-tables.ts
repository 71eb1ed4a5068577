/** For each radix-4 stage from the largest down, for each k, cos and sin of -2πkq/n for q = 1, 2, 3: see source/fft.h. */
export function fftTwiddles(size: number): Float64Array {
  const twiddles: number[] = [];
  for (let n = size; n > 4; n /= 4) {
    for (let k = 0; k < n / 4; k++) {
      for (let q = 1; q <= 3; q++) {
        const angle = (-2 * Math.PI * k * q) / n;
        twiddles.push(Math.cos(angle), Math.sin(angle));
      }
    }
  }
  return Float64Array.from(twiddles);
}

/** Where the forward transform puts each bin. `size` is a power of two. */
export function bitReversal(size: number): Int32Array {
  const reversed = new Int32Array(size);
  for (let index = 1; index < size; index++) {
    reversed[index] = (reversed[index >> 1] >> 1) | (index & 1 ? size >> 1 : 0);
  }
  return reversed;
}
