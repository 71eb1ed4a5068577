/* Passes over the samples of a clip. */
#include "lanes.h"

/* 16-bit integers to full scale +-1. */
EXPORT(int16_to_float)
void int16_to_float(const short *integers, float *samples, int count) {
  Float4 scale = (Float4)wasm_f32x4_splat(1.0f / 32768.0f);
  int i = 0;
  for (; i + 8 <= count; i += 8) {
    v128_t eight = wasm_v128_load(integers + i);
    Float4 low = (Float4)wasm_f32x4_convert_i32x4(wasm_i32x4_extend_low_i16x8(eight)) * scale;
    Float4 high = (Float4)wasm_f32x4_convert_i32x4(wasm_i32x4_extend_high_i16x8(eight)) * scale;
    wasm_v128_store(samples + i, (v128_t)low);
    wasm_v128_store(samples + i + 4, (v128_t)high);
  }
  for (; i < count; i++) samples[i] = integers[i] * (1.0f / 32768.0f);
}

/* The sum of squares of each `hop` samples, the last of what is left; NaN or infinite where a sample is. */
EXPORT(hop_energies)
void hop_energies(const float *samples, int count, int hop, double *energies) {
  for (int start = 0; start < count; start += hop) {
    int end = count - start < hop ? count : start + hop;
    Double2 sum = {0, 0}, other = {0, 0};
    int i = start;
    for (; i + 4 <= end; i += 4) {
      v128_t four = wasm_v128_load(samples + i);
      Double2 low = (Double2)wasm_f64x2_promote_low_f32x4(four);
      Double2 high = (Double2)wasm_f64x2_promote_low_f32x4(wasm_i64x2_shuffle(four, four, 1, 1));
      sum += low * low;
      other += high * high;
    }
    double rest = 0;
    for (; i < end; i++) rest += (double)samples[i] * samples[i];
    sum += other;
    *energies++ = sum[0] + sum[1] + rest;
  }
}

/* The greatest absolute value of finite samples. */
EXPORT(peak)
float peak(const float *samples, int count) {
  v128_t most = wasm_f32x4_splat(0);
  int i = 0;
  for (; i + 4 <= count; i += 4) most = wasm_f32x4_pmax(most, wasm_f32x4_abs(wasm_v128_load(samples + i)));
  float result = 0;
  for (int lane = 0; lane < 4; lane++) result = ((Float4)most)[lane] > result ? ((Float4)most)[lane] : result;
  for (; i < count; i++) {
    float magnitude = __builtin_fabsf(samples[i]);
    if (magnitude > result) result = magnitude;
  }
  return result;
}

EXPORT(divide)
void divide(float *samples, int count, float divisor) {
  Float4 divisors = (Float4)wasm_f32x4_splat(divisor);
  int i = 0;
  for (; i + 4 <= count; i += 4) wasm_v128_store(samples + i, (v128_t)((Float4)wasm_v128_load(samples + i) / divisors));
  for (; i < count; i++) samples[i] /= divisor;
}

/* 1 where every sample is finite. */
EXPORT(all_finite)
int all_finite(const float *samples, int count) {
  v128_t exponent = wasm_i32x4_splat(0x7f800000), found = wasm_i32x4_splat(0);
  int i = 0;
  for (; i + 4 <= count; i += 4) {
    v128_t bits = wasm_v128_and(wasm_v128_load(samples + i), exponent);
    found = wasm_v128_or(found, wasm_i32x4_eq(bits, exponent));
  }
  int bad = wasm_v128_any_true(found);
  for (; i < count; i++) bad |= !(samples[i] - samples[i] == 0);
  return !bad;
}

/* For each lag from 0 to `lags` - 1, the sum of frame[i] frame[i + lag] over the frame. */
EXPORT(autocorrelate)
void autocorrelate(const double *frame, int length, int lags, double *output) {
  for (int lag = 0; lag < lags; lag++) {
    Double2 sum = {0, 0}, other = {0, 0};
    int i = 0, end = length - lag;
    for (; i + 4 <= end; i += 4) {
      sum += (Double2)wasm_v128_load(frame + i) * (Double2)wasm_v128_load(frame + i + lag);
      other += (Double2)wasm_v128_load(frame + i + 2) * (Double2)wasm_v128_load(frame + i + lag + 2);
    }
    double rest = 0;
    for (; i < end; i++) rest += frame[i] * frame[i + lag];
    sum += other;
    output[lag] = sum[0] + sum[1] + rest;
  }
}
