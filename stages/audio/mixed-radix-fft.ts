/** A complex FFT of any size, by its prime factors: for frames whose length is no power of two. */
export class MixedRadixFft {
  readonly size: number;
  readonly #factors: readonly number[];
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  /** One term of each part of a butterfly, turned. */
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#factors = primeFactors(size);
    this.#cosines = Float64Array.from({ length: size }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.#sines = Float64Array.from({ length: size }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
    this.#real = new Float64Array(Math.max(1, ...this.#factors));
    this.#imaginary = new Float64Array(this.#real.length);
  }

  /** X[k] = Σ x[n] e^(-2πikn/size), from one pair of arrays into another. */
  forward(
    real: Float64Array,
    imaginary: Float64Array,
    outReal: Float64Array,
    outImaginary: Float64Array,
  ): void {
    this.#transform(real, imaginary, 0, 1, outReal, outImaginary, 0, this.size, 0);
  }

  /** Decimation in time: every `stride`-th value from `from` on, into `length` places from `to` on. */
  #transform(
    real: Float64Array,
    imaginary: Float64Array,
    from: number,
    stride: number,
    outReal: Float64Array,
    outImaginary: Float64Array,
    to: number,
    length: number,
    level: number,
  ): void {
    if (length === 1) {
      outReal[to] = real[from];
      outImaginary[to] = imaginary[from];
      return;
    }
    const radix = this.#factors[level];
    const part = length / radix;
    for (let k = 0; k < radix; k++) {
      const start = from + k * stride;
      this.#transform(
        real,
        imaginary,
        start,
        stride * radix,
        outReal,
        outImaginary,
        to + k * part,
        part,
        level + 1,
      );
    }
    const [cosines, sines, turnedReal, turnedImaginary] = [
      this.#cosines,
      this.#sines,
      this.#real,
      this.#imaginary,
    ];
    const step = this.size / length;
    const radixStep = this.size / radix;
    for (let j = 0; j < part; j++) {
      for (let k = 0; k < radix; k++) {
        const place = to + k * part + j;
        const angle = k * j * step;
        turnedReal[k] = outReal[place] * cosines[angle] - outImaginary[place] * sines[angle];
        turnedImaginary[k] = outReal[place] * sines[angle] + outImaginary[place] * cosines[angle];
      }
      for (let q = 0; q < radix; q++) {
        let sumReal = turnedReal[0];
        let sumImaginary = turnedImaginary[0];
        for (let k = 1; k < radix; k++) {
          const angle = ((k * q) % radix) * radixStep;
          sumReal += turnedReal[k] * cosines[angle] - turnedImaginary[k] * sines[angle];
          sumImaginary += turnedReal[k] * sines[angle] + turnedImaginary[k] * cosines[angle];
        }
        outReal[to + q * part + j] = sumReal;
        outImaginary[to + q * part + j] = sumImaginary;
      }
    }
  }
}

/** The largest first: the innermost butterflies are those of two. */
function primeFactors(size: number): number[] {
  const factors: number[] = [];
  let rest = size;
  for (let factor = 2; rest > 1; factor += 1) {
    for (; rest % factor === 0; rest /= factor) factors.unshift(factor);
  }
  return factors;
}
