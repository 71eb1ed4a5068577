/*
 * Power spectra and mel spectra of frames: window, FFT in double precision (two frames to a vector, two vectors to a
 * group of four frames), power, and then the mel filters in single precision on all four frames.
 */
#include "lanes.h"

#define FFT_LANES Double2
#define FFT_SCALAR double
#define FFT_NAME(name) double_##name
#include "fft.h"

#define GROUP 4

/* Triangular filters, each from bin `starts[band]` with the weights from `offsets[band]` to `offsets[band + 1]`. */
typedef struct {
  int bands;
  const int *starts;
  const int *offsets;
  const float *weights;
  float *output;
} MelBank;

typedef struct {
  int n_fft;
  int hop;
  const double *window;
  const double *twiddles;
  /* cos and sin of -2 pi k / n_fft, for taking the spectra of even and odd samples apart. */
  const double *split;
  const int *reversed;
  /* n_fft / 2 vectors each. */
  Double2 *re;
  Double2 *im;
  /* n_fft / 2 + 1 bins of four frames. */
  Float4 *power;
} SpectrumPlan;

static inline Double2 two_samples(const float *samples) {
  return (Double2)wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(samples));
}

/* Even samples become the real part and odd ones the imaginary part of a signal of half the length. */
static void load_frames(const SpectrumPlan *plan, const float *first, const float *second) {
  for (int i = 0; i < plan->n_fft / 2; i++) {
    Double2 window = *(const Double2 *)(plan->window + 2 * i);
    Double2 a = two_samples(first + 2 * i) * window;
    Double2 b = two_samples(second + 2 * i) * window;
    plan->re[i] = __builtin_shufflevector(a, b, 0, 2);
    plan->im[i] = __builtin_shufflevector(a, b, 1, 3);
  }
}

static inline void store_power(Float4 *power, int half, Double2 re, Double2 im) {
  v128_t narrow = wasm_f32x4_demote_f64x2_zero((v128_t)(re * re + im * im));
  wasm_v128_store64_lane((char *)power + 8 * half, narrow, 0);
}

static void store_powers(const SpectrumPlan *plan, int half) {
  int m = plan->n_fft / 2;
  const Double2 *re = plan->re, *im = plan->im;
  Double2 zero = {0, 0};
  store_power(plan->power, half, re[0] + im[0], zero);
  store_power(plan->power + m, half, re[0] - im[0], zero);
  for (int k = 1; k <= m / 2; k++) {
    int here = plan->reversed[k], mirror = plan->reversed[m - k];
    Double2 half_scale = {0.5, 0.5};
    Double2 even_re = (re[here] + re[mirror]) * half_scale, even_im = (im[here] - im[mirror]) * half_scale;
    Double2 odd_re = (im[here] + im[mirror]) * half_scale, odd_im = (re[mirror] - re[here]) * half_scale;
    Double2 c = double_splat(plan->split[2 * k]), s = double_splat(plan->split[2 * k + 1]);
    Double2 turned_re = odd_re * c - odd_im * s, turned_im = odd_re * s + odd_im * c;
    store_power(plan->power + k, half, even_re + turned_re, even_im + turned_im);
    store_power(plan->power + m - k, half, even_re - turned_re, even_im - turned_im);
  }
}

static void apply_bank(const MelBank *bank, const Float4 *power, int frame, int frames) {
  int present = frames - frame < GROUP ? frames - frame : GROUP;
  for (int band = 0; band < bank->bands; band++) {
    const Float4 *bin = power + bank->starts[band];
    const float *weight = bank->weights + bank->offsets[band];
    const float *end = bank->weights + bank->offsets[band + 1];
    Float4 sum = {0, 0, 0, 0};
    for (; weight < end; weight++, bin++) sum += *bin * (Float4)wasm_v128_load32_splat(weight);
    for (int i = 0; i < present; i++) bank->output[(frame + i) * bank->bands + band] = sum[i];
  }
}

/* The spectra of four frames from `frame` on, into plan->power. */
static void compute_group(const SpectrumPlan *plan, const float *padded, int frame) {
  for (int half = 0; half < 2; half++) {
    const float *first = padded + (frame + 2 * half) * plan->hop;
    load_frames(plan, first, first + plan->hop);
    double_forward(plan->re, plan->im, plan->n_fft / 2, plan->twiddles);
    store_powers(plan, half);
  }
}

/*
 * Frame t covers the samples of `padded` from t hop to t hop + n_fft. `frames` is rounded up to whole groups, for
 * whose frames there must be samples too.
 */
EXPORT(mel_powers)
void mel_powers(const SpectrumPlan *plan, const float *padded, int frames, const MelBank *banks, int bank_count) {
  for (int frame = 0; frame < frames; frame += GROUP) {
    compute_group(plan, padded, frame);
    for (int bank = 0; bank < bank_count; bank++) apply_bank(banks + bank, plan->power, frame, frames);
  }
}

/* `output`: frames x (n_fft / 2 + 1), row-major. */
EXPORT(power_spectra)
void power_spectra(const SpectrumPlan *plan, const float *padded, int frames, float *output) {
  int bins = plan->n_fft / 2 + 1;
  for (int frame = 0; frame < frames; frame += GROUP) {
    compute_group(plan, padded, frame);
    int present = frames - frame < GROUP ? frames - frame : GROUP;
    for (int i = 0; i < present; i++) {
      for (int bin = 0; bin < bins; bin++) output[(frame + i) * bins + bin] = plan->power[bin][i];
    }
  }
}
