/*
 * Complex FFT in place over a power of two, on vectors of independent signals (see lanes.h). Included once for each
 * lane type with FFT_LANES (vector), FFT_SCALAR (its element) and FFT_NAME(name).
 *
 * Forward: decimation in frequency, natural order in, bit-reversed order out. Inverse (fft-inverse.h): decimation in
 * time, bit-reversed order in, natural order out, not scaled. So a convolution needs no reordering at all.
 * Radix 4, with one stage of radix 2 where the size is no power of four.
 *
 * `twiddles`: for each radix-4 stage from the largest down, for each k of its quarter, cos and sin of
 * -2 pi k q / n for q = 1, 2, 3.
 */

static inline FFT_LANES FFT_NAME(splat)(FFT_SCALAR value) {
  FFT_LANES lanes;
  for (unsigned i = 0; i < sizeof(FFT_LANES) / sizeof(FFT_SCALAR); i++) lanes[i] = value;
  return lanes;
}

static inline void FFT_NAME(forward4)(FFT_LANES *re, FFT_LANES *im, int quarter, const FFT_SCALAR *twiddles) {
  for (int k = 0; k < quarter; k++, twiddles += 6) {
    FFT_LANES *r = re + k, *i = im + k;
    FFT_LANES sum02r = r[0] + r[2 * quarter], sum02i = i[0] + i[2 * quarter];
    FFT_LANES dif02r = r[0] - r[2 * quarter], dif02i = i[0] - i[2 * quarter];
    FFT_LANES sum13r = r[quarter] + r[3 * quarter], sum13i = i[quarter] + i[3 * quarter];
    FFT_LANES dif13r = r[quarter] - r[3 * quarter], dif13i = i[quarter] - i[3 * quarter];
    FFT_LANES y1r = dif02r + dif13i, y1i = dif02i - dif13r;
    FFT_LANES y2r = sum02r - sum13r, y2i = sum02i - sum13i;
    FFT_LANES y3r = dif02r - dif13i, y3i = dif02i + dif13r;
    FFT_LANES c1 = FFT_NAME(splat)(twiddles[0]), s1 = FFT_NAME(splat)(twiddles[1]);
    FFT_LANES c2 = FFT_NAME(splat)(twiddles[2]), s2 = FFT_NAME(splat)(twiddles[3]);
    FFT_LANES c3 = FFT_NAME(splat)(twiddles[4]), s3 = FFT_NAME(splat)(twiddles[5]);
    r[0] = sum02r + sum13r;
    i[0] = sum02i + sum13i;
    r[quarter] = y2r * c2 - y2i * s2;
    i[quarter] = y2r * s2 + y2i * c2;
    r[2 * quarter] = y1r * c1 - y1i * s1;
    i[2 * quarter] = y1r * s1 + y1i * c1;
    r[3 * quarter] = y3r * c3 - y3i * s3;
    i[3 * quarter] = y3r * s3 + y3i * c3;
  }
}

/* The last stage, whose twiddles are all 1. */
static inline void FFT_NAME(forward4_last)(FFT_LANES *r, FFT_LANES *i) {
  FFT_LANES sum02r = r[0] + r[2], sum02i = i[0] + i[2], dif02r = r[0] - r[2], dif02i = i[0] - i[2];
  FFT_LANES sum13r = r[1] + r[3], sum13i = i[1] + i[3], dif13r = r[1] - r[3], dif13i = i[1] - i[3];
  r[0] = sum02r + sum13r;
  i[0] = sum02i + sum13i;
  r[1] = sum02r - sum13r;
  i[1] = sum02i - sum13i;
  r[2] = dif02r + dif13i;
  i[2] = dif02i - dif13r;
  r[3] = dif02r - dif13i;
  i[3] = dif02i + dif13r;
}

static void FFT_NAME(forward)(FFT_LANES *re, FFT_LANES *im, int size, const FFT_SCALAR *twiddles) {
  int n = size;
  for (; n > 4; n /= 4) {
    int quarter = n / 4;
    for (int block = 0; block < size; block += n) FFT_NAME(forward4)(re + block, im + block, quarter, twiddles);
    twiddles += 6 * quarter;
  }
  if (n == 4) {
    for (int block = 0; block < size; block += 4) FFT_NAME(forward4_last)(re + block, im + block);
  } else if (n == 2) {
    for (int block = 0; block < size; block += 2) {
      FFT_LANES r = re[block], i = im[block];
      re[block] = r + re[block + 1];
      im[block] = i + im[block + 1];
      re[block + 1] = r - re[block + 1];
      im[block + 1] = i - im[block + 1];
    }
  }
}
