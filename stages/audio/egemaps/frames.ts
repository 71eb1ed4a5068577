import { StageFailure } from '../../../runner/kind/index.ts';
import { ComplexFft } from '../complex-fft.ts';

/** Frames begin every 10 ms. */
export const FRAMES_PER_SECOND = 100;
const LOWEST_RATE = 16_000;
const INTEGER_SCALE = 32_768;
const GREATEST_INTEGER = 32_767;

/** @throws StageFailure where the bands of the set do not fit into the rate, or a hop is no whole number of samples. */
export function requireRate(sampleRate: number, place: string): void {
  if (sampleRate >= LOWEST_RATE && sampleRate % FRAMES_PER_SECOND === 0) return;
  throw new StageFailure(
    `the eGeMAPS descriptors need ${LOWEST_RATE} Hz or more, in whole hundreds, and the clip has ${sampleRate}`,
    { place, hint: 'resample by a preprocess stage with sampleRate: 16000' },
  );
}

/**
 * Samples as openSMILE gets them from its Python package: cut to 16-bit integers, over 32,767. A sample of 1, which
 * that package turns into -1, stays at the top.
 */
export function quantized(samples: Float32Array): Float64Array {
  return Float64Array.from(samples, (sample) => {
    const integer = Math.max(-INTEGER_SCALE, Math.min(GREATEST_INTEGER, Math.trunc(sample * INTEGER_SCALE)));
    return integer / GREATEST_INTEGER;
  });
}

/** The symmetric Hamming window. */
export function hammingWindow(size: number): Float64Array {
  return Float64Array.from(
    { length: size },
    (_, index) => 0.54 - 0.46 * Math.cos((2 * Math.PI * index) / (size - 1)),
  );
}

/** A Gauss curve whose deviation is 0.4 of half the window. */
export function gaussWindow(size: number): Float64Array {
  const middle = (size - 1) / 2;
  return Float64Array.from({ length: size }, (_, index) =>
    Math.exp(-0.5 * ((index - middle) / (0.4 * middle)) ** 2),
  );
}

/** Spectra of windowed frames that lie within a clip; the first begins with the first sample. */
export class FrameSpectra {
  /** Samples of a frame, and of the transform, a power of two. */
  readonly size: number;
  readonly fftSize: number;
  readonly bins: number;
  /** Of the last frame: under the window, its spectrum, and the spectrum's magnitudes. */
  readonly windowed: Float64Array;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
  readonly magnitudes: Float64Array;
  private readonly window: Float64Array;
  /** The transform of two frames, one as its real and one as its imaginary part, and which these are. */
  private readonly pairReal: Float64Array;
  private readonly pairImaginary: Float64Array;
  private pairSamples: Float64Array | undefined;
  private pairStart = 0;
  /** Samples from frame to frame. */
  readonly hop: number;
  private readonly fft: ComplexFft;

  constructor(sampleRate: number, seconds: number, makeWindow: (size: number) => Float64Array) {
    this.size = Math.round(seconds * sampleRate);
    this.hop = sampleRate / FRAMES_PER_SECOND;
    this.fftSize = 2 ** Math.ceil(Math.log2(this.size));
    this.bins = this.fftSize / 2 + 1;
    this.window = makeWindow(this.size);
    this.fft = new ComplexFft(this.fftSize);
    this.windowed = new Float64Array(this.size);
    this.real = new Float64Array(this.bins);
    this.imaginary = new Float64Array(this.bins);
    this.magnitudes = new Float64Array(this.bins);
    this.pairReal = new Float64Array(this.fftSize);
    this.pairImaginary = new Float64Array(this.fftSize);
  }

  frameCount(samples: number): number {
    return Math.max(0, Math.floor((samples - this.size) / this.hop) + 1);
  }

  /** Transforms a frame; it lies in the middle of the transform, zeros on either side. Frames are taken in turn. */
  compute(samples: Float64Array, frame: number): void {
    const isSecond = this.pairSamples === samples && this.pairStart === frame - 1;
    if (!isSecond) this.transformPair(samples, frame);
    const { windowed, window, size, hop } = this;
    const start = frame * hop;
    for (let n = 0; n < size; n++) windowed[n] = samples[start + n] * window[n];
    this.separate(isSecond);
  }

  private transformPair(samples: Float64Array, frame: number): void {
    const { pairReal, pairImaginary, window, size, hop } = this;
    this.pairSamples = samples;
    this.pairStart = frame;
    pairReal.fill(0);
    pairImaginary.fill(0);
    const lead = Math.floor((this.fftSize - size) / 2);
    const start = frame * hop;
    // The last frame of an odd number has none beside it.
    const second = start + hop + size <= samples.length ? start + hop : start;
    for (let n = 0; n < size; n++) {
      pairReal[lead + n] = samples[start + n] * window[n];
      pairImaginary[lead + n] = samples[second + n] * window[n];
    }
    this.fft.forward(pairReal, pairImaginary);
  }

  /** The spectrum of one frame of the pair: of the conjugate symmetric part of the transform, or of the other. */
  private separate(isSecond: boolean): void {
    const { pairReal, pairImaginary, real, imaginary, magnitudes, fftSize } = this;
    for (let bin = 0; bin < this.bins; bin++) {
      const mirror = bin === 0 ? 0 : fftSize - bin;
      const x = isSecond ? pairImaginary[bin] + pairImaginary[mirror] : pairReal[bin] + pairReal[mirror];
      const y = isSecond ? pairReal[mirror] - pairReal[bin] : pairImaginary[bin] - pairImaginary[mirror];
      real[bin] = x / 2;
      imaginary[bin] = y / 2;
      magnitudes[bin] = Math.sqrt(x * x + y * y) / 2;
    }
  }
}
