/*
 * Filtering and resampling by a rational ratio, in single precision.
 *
 * fft_filter: `up` and `down` small. Input sample down m + r is sample m of stream r; output sample up i + j is
 * sample i of stream j. Each output stream is the sum of the input streams, each convolved with one part of the
 * filter: by overlap-save, eight blocks at once (four lanes, and two blocks as the real and imaginary part).
 *
 * phase_filter: any ratio, one dot product an output.
 */
#include "lanes.h"

#define FFT_LANES Float4
#define FFT_SCALAR float
#define FFT_NAME(name) float_##name
#include "fft.h"
#include "fft-inverse.h"

#define BLOCKS 8

typedef struct {
  int up;
  int down;
  /* FFT size: a power of four. */
  int size;
  /* Outputs of a stream from one block: size - span + 1, where span is the longest part of the filter. */
  int step;
  const float *twiddles;
  /* up x down spectra in bit-reversed order, re and im in turn, scaled by 1 / size. */
  const float *spectra;
  /* down x size vectors each. */
  Float4 *re;
  Float4 *im;
  /* size vectors each. */
  Float4 *sum_re;
  Float4 *sum_im;
} FilterPlan;

static void load_stream(const FilterPlan *plan, const float *source, Float4 *re, Float4 *im) {
  int stride = plan->down, block = plan->step * plan->down;
  for (int i = 0; i < plan->size; i++, source += stride) {
    re[i] = (Float4){source[0], source[block], source[2 * block], source[3 * block]};
    im[i] = (Float4){source[4 * block], source[5 * block], source[6 * block], source[7 * block]};
  }
}

static void filter_streams(const FilterPlan *plan, int output_stream) {
  int size = plan->size, down = plan->down;
  for (int stream = 0; stream < down; stream++) {
    const float *spectrum = plan->spectra + 2 * size * (output_stream * down + stream);
    const Float4 *re = plan->re + stream * size, *im = plan->im + stream * size;
    for (int k = 0; k < size; k++) {
      Float4 c = (Float4)wasm_v128_load32_splat(spectrum + 2 * k);
      Float4 s = (Float4)wasm_v128_load32_splat(spectrum + 2 * k + 1);
      Float4 product_re = re[k] * c - im[k] * s, product_im = re[k] * s + im[k] * c;
      plan->sum_re[k] = stream ? plan->sum_re[k] + product_re : product_re;
      plan->sum_im[k] = stream ? plan->sum_im[k] + product_im : product_im;
    }
  }
}

static void store_stream(const FilterPlan *plan, float *output, int from, int count, int output_stream) {
  int skip = plan->size - plan->step;
  for (int block = 0; block < BLOCKS; block++) {
    const Float4 *part = (block < 4 ? plan->sum_re : plan->sum_im) + skip;
    int start = from + block * plan->step;
    for (int i = 0; i < plan->step; i++) {
      int place = (start + i) * plan->up + output_stream;
      if (place >= count) break;
      output[place] = part[i][block & 3];
    }
  }
}

/* `padded`: begins where the first block's oldest sample lies, and has zeros up to the end of the last group. */
EXPORT(fft_filter)
void fft_filter(const FilterPlan *plan, const float *padded, float *output, int count) {
  int size = plan->size;
  for (int from = 0; from * plan->up < count; from += BLOCKS * plan->step) {
    for (int stream = 0; stream < plan->down; stream++) {
      Float4 *re = plan->re + stream * size, *im = plan->im + stream * size;
      load_stream(plan, padded + from * plan->down + stream, re, im);
      float_forward(re, im, size, plan->twiddles);
    }
    for (int stream = 0; stream < plan->up; stream++) {
      filter_streams(plan, stream);
      float_inverse(plan->sum_re, plan->sum_im, size, plan->twiddles);
      store_stream(plan, output, from, count, stream);
    }
  }
}

/*
 * `phases`: `up` filters of `taps` (a multiple of 8) each. Output n starts at upsampled position start + n down:
 * its phase is that modulo `up`, and its first sample that divided by `up`.
 */
EXPORT(phase_filter)
void phase_filter(const float *phases, int taps, int up, int down, int start, const float *padded, float *output,
                  int count) {
  int phase = start % up, first = start / up;
  for (int n = 0; n < count; n++) {
    const float *filter = phases + phase * taps, *source = padded + first;
    Float4 even = {0, 0, 0, 0}, odd = {0, 0, 0, 0};
    for (int tap = 0; tap < taps; tap += 8) {
      even += (Float4)wasm_v128_load(filter + tap) * (Float4)wasm_v128_load(source + tap);
      odd += (Float4)wasm_v128_load(filter + tap + 4) * (Float4)wasm_v128_load(source + tap + 4);
    }
    Float4 sum = even + odd;
    output[n] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    phase += down;
    first += phase / up;
    phase %= up;
  }
}
