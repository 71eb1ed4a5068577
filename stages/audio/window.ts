/**
 * The periodic Hann window, as `scipy.signal.get_window('hann', size)`. In double precision: rounded to float32 it would
 * spread every loud bin over all others at -150 dB, which is louder than the empty bands of a recording of a lower rate.
 */
export function hannWindow(size: number): Float64Array {
  return Float64Array.from(
    { length: size },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / size),
  );
}
