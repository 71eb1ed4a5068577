/**
 * The power spectrum of real frames by a complex FFT of half the length, mixed radix 4 and 2, in double precision on
 * split real and imaginary parts.
 */
export class PowerSpectrum {
  readonly bins: number;
  private readonly half: number;
  private readonly real: Float64Array;
  private readonly imaginary: Float64Array;
  private readonly reversed: Uint32Array;
  private readonly stages: readonly Stage[];
  private readonly cosines: Float64Array;
  private readonly sines: Float64Array;

  /** @param size a power of two, at least 4. */
  constructor(size: number) {
    this.half = size / 2;
    this.bins = this.half + 1;
    this.real = new Float64Array(this.half);
    this.imaginary = new Float64Array(this.half);
    this.reversed = bitReversal(this.half);
    this.stages = radixStages(this.half);
    this.cosines = Float64Array.from({ length: this.half }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.sines = Float64Array.from({ length: this.half }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
  }

  /** |FFT(samples[offset…] × window)|², bins 0 to Nyquist, into `power`. */
  compute(samples: Float32Array, offset: number, window: Float32Array, power: Float32Array): void {
    const { real, imaginary, half, reversed } = this;
    for (let index = 0; index < half; index++) {
      const source = 2 * reversed[index];
      real[index] = samples[offset + source] * window[source];
      imaginary[index] = samples[offset + source + 1] * window[source + 1];
    }
    if (Math.log2(half) % 2 === 1) radix2(real, imaginary);
    for (const stage of this.stages) radix4(real, imaginary, stage);
    this.separate(power);
  }

  /** Even samples were the real part and odd ones the imaginary: their spectra are taken apart and combined. */
  private separate(power: Float32Array): void {
    const { real, imaginary, half, cosines, sines } = this;
    power[0] = (real[0] + imaginary[0]) ** 2;
    power[half] = (real[0] - imaginary[0]) ** 2;
    for (let k = 1; k <= half / 2; k++) {
      const mirror = half - k;
      const evenReal = (real[k] + real[mirror]) / 2;
      const evenImaginary = (imaginary[k] - imaginary[mirror]) / 2;
      const oddReal = (imaginary[k] + imaginary[mirror]) / 2;
      const oddImaginary = (real[mirror] - real[k]) / 2;
      const turnedReal = oddReal * cosines[k] - oddImaginary * sines[k];
      const turnedImaginary = oddReal * sines[k] + oddImaginary * cosines[k];
      power[k] = (evenReal + turnedReal) ** 2 + (evenImaginary + turnedImaginary) ** 2;
      power[mirror] = (evenReal - turnedReal) ** 2 + (evenImaginary - turnedImaginary) ** 2;
    }
  }
}

/** Joins four transforms of `size` into one of four times the size. */
interface Stage {
  readonly size: number;
  /** For each k < size: cos and -sin of 2πkq / (4 size) for q = 1, 2, 3. */
  readonly twiddles: Float64Array;
}

function radixStages(length: number): Stage[] {
  const stages: Stage[] = [];
  for (let size = Math.log2(length) % 2 === 1 ? 2 : 1; size < length; size *= 4) {
    const twiddles = new Float64Array(6 * size);
    for (let k = 0; k < size; k++) {
      for (let q = 1; q <= 3; q++) {
        const angle = (-2 * Math.PI * k * q) / (4 * size);
        twiddles[6 * k + 2 * (q - 1)] = Math.cos(angle);
        twiddles[6 * k + 2 * (q - 1) + 1] = Math.sin(angle);
      }
    }
    stages.push({ size, twiddles });
  }
  return stages;
}

function bitReversal(length: number): Uint32Array {
  const bits = Math.log2(length);
  const reversed = new Uint32Array(length);
  for (let index = 1; index < length; index++) {
    reversed[index] = (reversed[index >> 1] >> 1) | ((index & 1) << (bits - 1));
  }
  return reversed;
}

function radix2(real: Float64Array, imaginary: Float64Array): void {
  for (let index = 0; index < real.length; index += 2) {
    const r = real[index];
    const i = imaginary[index];
    real[index] = r + real[index + 1];
    imaginary[index] = i + imaginary[index + 1];
    real[index + 1] = r - real[index + 1];
    imaginary[index + 1] = i - imaginary[index + 1];
  }
}

function radix4(real: Float64Array, imaginary: Float64Array, { size, twiddles }: Stage): void {
  for (let block = 0; block < real.length; block += 4 * size) {
    for (let k = 0, t = 0; k < size; k++, t += 6) {
      // In bit-reversed order the four parts lie as 0, 2, 1, 3.
      const a = block + k;
      const c = a + size;
      const b = c + size;
      const d = b + size;
      const br = real[c] * twiddles[t + 2] - imaginary[c] * twiddles[t + 3];
      const bi = real[c] * twiddles[t + 3] + imaginary[c] * twiddles[t + 2];
      const cr = real[b] * twiddles[t] - imaginary[b] * twiddles[t + 1];
      const ci = real[b] * twiddles[t + 1] + imaginary[b] * twiddles[t];
      const dr = real[d] * twiddles[t + 4] - imaginary[d] * twiddles[t + 5];
      const di = real[d] * twiddles[t + 5] + imaginary[d] * twiddles[t + 4];
      const evenSumR = real[a] + br;
      const evenSumI = imaginary[a] + bi;
      const evenDiffR = real[a] - br;
      const evenDiffI = imaginary[a] - bi;
      real[a] = evenSumR + cr + dr;
      imaginary[a] = evenSumI + ci + di;
      real[b] = evenSumR - cr - dr;
      imaginary[b] = evenSumI - ci - di;
      real[c] = evenDiffR + ci - di;
      imaginary[c] = evenDiffI - cr + dr;
      real[d] = evenDiffR - ci + di;
      imaginary[d] = evenDiffI + cr - dr;
    }
  }
}
