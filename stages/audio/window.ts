/** The periodic Hann window, as `scipy.signal.get_window('hann', size)`. */
export function hannWindow(size: number): Float32Array {
  return Float32Array.from(
    { length: size },
    (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / size),
  );
}
