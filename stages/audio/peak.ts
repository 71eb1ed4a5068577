/** The smallest normal float32: below it librosa.util.normalize leaves a signal as it is. */
const SMALLEST_NORMAL = 2 ** -126;

/** The greatest absolute value. */
export function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (let index = 0; index < samples.length; index++) {
    const magnitude = Math.abs(samples[index]);
    if (magnitude > peak) peak = magnitude;
  }
  return peak;
}

/** The samples divided by `peak`, as `librosa.util.normalize` does; silence stays silence. */
export function normalizePeak(samples: Float32Array, peak: number): Float32Array {
  return peak < SMALLEST_NORMAL ? samples.slice() : samples.map((sample) => sample / peak);
}
