/* The inverse of fft.h's transform: the same stages backwards, with conjugate twiddles. */

static inline void FFT_NAME(inverse4)(FFT_LANES *re, FFT_LANES *im, int quarter, const FFT_SCALAR *twiddles) {
  for (int k = 0; k < quarter; k++, twiddles += 6) {
    FFT_LANES *r = re + k, *i = im + k;
    FFT_LANES c1 = FFT_NAME(splat)(twiddles[0]), s1 = FFT_NAME(splat)(twiddles[1]);
    FFT_LANES c2 = FFT_NAME(splat)(twiddles[2]), s2 = FFT_NAME(splat)(twiddles[3]);
    FFT_LANES c3 = FFT_NAME(splat)(twiddles[4]), s3 = FFT_NAME(splat)(twiddles[5]);
    FFT_LANES y2r = r[quarter] * c2 + i[quarter] * s2, y2i = i[quarter] * c2 - r[quarter] * s2;
    FFT_LANES y1r = r[2 * quarter] * c1 + i[2 * quarter] * s1, y1i = i[2 * quarter] * c1 - r[2 * quarter] * s1;
    FFT_LANES y3r = r[3 * quarter] * c3 + i[3 * quarter] * s3, y3i = i[3 * quarter] * c3 - r[3 * quarter] * s3;
    FFT_LANES sum02r = r[0] + y2r, sum02i = i[0] + y2i, dif02r = r[0] - y2r, dif02i = i[0] - y2i;
    FFT_LANES sum13r = y1r + y3r, sum13i = y1i + y3i, dif13r = y1r - y3r, dif13i = y1i - y3i;
    r[0] = sum02r + sum13r;
    i[0] = sum02i + sum13i;
    r[quarter] = dif02r - dif13i;
    i[quarter] = dif02i + dif13r;
    r[2 * quarter] = sum02r - sum13r;
    i[2 * quarter] = sum02i - sum13i;
    r[3 * quarter] = dif02r + dif13i;
    i[3 * quarter] = dif02i - dif13r;
  }
}

/* `size` is a power of four; `twiddles` as for the forward transform. */
static void FFT_NAME(inverse)(FFT_LANES *re, FFT_LANES *im, int size, const FFT_SCALAR *twiddles) {
  const FFT_SCALAR *stage = twiddles;
  for (int n = size; n > 4; n /= 4) stage += 6 * (n / 4);
  for (int block = 0; block < size; block += 4) {
    static const FFT_SCALAR one[6] = {1, 0, 1, 0, 1, 0};
    FFT_NAME(inverse4)(re + block, im + block, 1, one);
  }
  for (int n = 16; n <= size; n *= 4) {
    stage -= 6 * (n / 4);
    for (int block = 0; block < size; block += n) FFT_NAME(inverse4)(re + block, im + block, n / 4, stage);
  }
}
