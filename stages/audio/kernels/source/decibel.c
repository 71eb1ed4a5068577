/* 10 log10 of powers, as librosa.power_to_db. */
#include "lanes.h"

/*
 * 10 log10 of positive normal numbers, to 1 ulp. The logarithm of the mantissa is the polynomial of Cephes' logf
 * (S. Moshier); the exponent's part is added last, in two pieces of which the greater is exact.
 */
static inline Float4 decibel(Float4 x) {
  const float per_neper = 4.342944819032518f, per_octave_high = 3.0087890625f, per_octave_low = 1.510894027e-3f;
  v128_t bits = (v128_t)x;
  /* Mantissa in [0.5, 1), or doubled to [0.707, 1.414) less 1, and exponent. */
  v128_t exponent = wasm_i32x4_sub(wasm_u32x4_shr(bits, 23), wasm_i32x4_splat(126));
  Float4 m = (Float4)wasm_v128_or(wasm_v128_and(bits, wasm_i32x4_splat(0x007fffff)), wasm_i32x4_splat(0x3f000000));
  v128_t below = wasm_f32x4_lt((v128_t)m, wasm_f32x4_splat(0.707106781186547524f));
  Float4 e = (Float4)wasm_f32x4_convert_i32x4(wasm_i32x4_add(exponent, below));
  m = m - 1.0f + (Float4)wasm_v128_and((v128_t)m, below);
  Float4 z = m * m;
  Float4 y = 7.0376836292e-2f * m - 1.1514610310e-1f;
  y = y * m + 1.1676998740e-1f;
  y = y * m - 1.2420140846e-1f;
  y = y * m + 1.4249322787e-1f;
  y = y * m - 1.6668057665e-1f;
  y = y * m + 2.0000714765e-1f;
  y = y * m - 2.4999993993e-1f;
  y = y * m + 3.3333331174e-1f;
  y = y * m * z - 0.5f * z;
  return (m + y) * per_neper + e * per_octave_low + e * per_octave_high;
}

static float greatest(const Float4 *powers, int vectors) {
  v128_t top = wasm_f32x4_splat(0);
  for (int i = 0; i < vectors; i++) top = wasm_f32x4_pmax(top, (v128_t)powers[i]);
  float most = 0;
  for (int lane = 0; lane < 4; lane++) most = ((Float4)top)[lane] > most ? ((Float4)top)[lane] : most;
  return most;
}

/*
 * In place. `vectors`: the powers in fours, the last filled up with zeros. Powers below 1e-10 count as 1e-10, and what
 * lies more than 80 dB below the greatest is raised to that. `relative`: 0 dB is the greatest, else a power of 1.
 * Returns the greatest power.
 */
EXPORT(decibels)
float decibels(Float4 *powers, int vectors, int relative) {
  v128_t least = wasm_f32x4_splat(1e-10f);
  float most = greatest(powers, vectors);
  Float4 reference = {most};
  Float4 top = decibel((Float4)wasm_f32x4_pmax((v128_t)reference, least));
  v128_t bottom = wasm_f32x4_splat(top[0] - 80.0f);
  Float4 shift = (Float4)wasm_f32x4_splat(relative ? top[0] : 0.0f);
  for (int i = 0; i < vectors; i++) {
    Float4 level = decibel((Float4)wasm_f32x4_pmax((v128_t)powers[i], least));
    powers[i] = (Float4)wasm_f32x4_pmax((v128_t)level, bottom) - shift;
  }
  return most;
}
