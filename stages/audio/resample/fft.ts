import { bitReversal, fftTwiddles } from '../kernels/fft-tables.ts';
import { kernels, type Allocate, type Kernels, type Signal } from '../kernels/kernels.ts';
import { designLowPass } from './low-pass.ts';
import { padInto } from '../padding.ts';
import { resampledLength, type Ratio } from './ratio.ts';
import type { Resampler } from './resampler.ts';

/** FFT size: a power of four, several times the filter's span. */
const SIZE = 1024;
/** The kernel filters so many blocks at once. */
const BLOCKS = 8;
/** More streams than this cost more in FFTs than they save in multiplications. */
const MOST_STREAMS = 12;

/** Whether FFTs pay for a ratio. */
export function fitsFft({ up, down }: Ratio): boolean {
  return up + down <= MOST_STREAMS;
}

/**
 * Resamples by a ratio of small numbers with overlap-save convolution.
 *
 * With x the samples and h the filter, output n is y[n] = Σ h[t] x[(n down + half - t) / up] over the t for which the
 * index is whole. Output stream j has n = j + up i and so t = (j down + half) mod up + up s, which makes
 * y_j[i] = Σ_s g_j[s] x[down i + c_j - s] with c_j = ⌊(j down + half) / up⌋: a sum over the input streams
 * x_r[m] = x[down m + r], each convolved with the taps whose c_j - s leaves the remainder r.
 */
export class FftResampler implements Resampler {
  private readonly kernels: Kernels;
  private readonly ratio: Ratio;
  private readonly step: number;
  /** Samples of a stream before the first, which the first output reaches back to. */
  private readonly lead: number;
  private readonly plan: number;

  constructor(ratio: Ratio) {
    const { up, down } = ratio;
    const taps = designLowPass(Math.max(up, down));
    const half = (taps.length - 1) / 2;
    const ahead = Math.floor(Math.floor(((up - 1) * down + half) / up) / down);
    const filters = streamFilters(taps, ratio, ahead);
    const span = Math.max(...filters.map((filter) => filter.length));
    this.kernels = kernels();
    this.ratio = ratio;
    this.step = SIZE - span + 1;
    this.lead = span - 1 - ahead;
    this.plan = reservePlan(this.kernels, ratio, this.step, filters);
  }

  resample(samples: Float32Array, allocate: Allocate): Signal {
    const { up, down } = this.ratio;
    const count = resampledLength(samples.length, this.ratio);
    const groups = Math.ceil(count / up / (BLOCKS * this.step));
    const length = ((groups * BLOCKS - 1) * this.step + SIZE) * down;
    const padded = padInto(this.kernels, samples, this.lead * down, length, allocate);
    const output = allocate(4 * count);
    this.kernels.call.fft_resample(this.plan, padded, output, count);
    return { pointer: output, length: count };
  }
}

/** The filters g from input stream r to output stream j, at j × down + r, delayed by `ahead` so as to be causal. */
function streamFilters(taps: Float64Array, { up, down }: Ratio, ahead: number): Float64Array[] {
  const half = (taps.length - 1) / 2;
  const longest = Math.ceil(taps.length / up / down) + ahead + 2;
  return Array.from({ length: up * down }, (_, index) => {
    const output = Math.floor(index / down);
    const input = index % down;
    const phase = (output * down + half) % up;
    const centre = Math.floor((output * down + half) / up);
    const filter: number[] = [];
    for (let delay = 0; delay < longest; delay++) {
      const tap = phase + up * (centre - input + (delay - ahead) * down);
      filter.push(tap >= 0 && tap < taps.length ? taps[tap] * up : 0);
    }
    while (filter.at(-1) === 0) filter.pop();
    return Float64Array.from(filter);
  });
}

/** A ResamplePlan of source/resample.c. */
function reservePlan(
  memory: Kernels,
  { up, down }: Ratio,
  step: number,
  filters: readonly Float64Array[],
): number {
  const reversed = bitReversal(SIZE);
  const spectra = new Float32Array(2 * SIZE * filters.length);
  filters.forEach((filter, index) => {
    writeSpectrum(filter, reversed, spectra.subarray(2 * SIZE * index));
  });
  return memory.reserveIntegers([
    up,
    down,
    SIZE,
    step,
    memory.reserveFloats(Float32Array.from(fftTwiddles(SIZE))),
    memory.reserveFloats(spectra),
    memory.reserve(16 * SIZE * down),
    memory.reserve(16 * SIZE * down),
    memory.reserve(16 * SIZE),
    memory.reserve(16 * SIZE),
  ]);
}

/** The DFT of a filter in the order of the kernel's forward transform, scaled for its inverse. */
function writeSpectrum(filter: Float64Array, reversed: Int32Array, output: Float32Array): void {
  const cosines = Float64Array.from({ length: SIZE }, (_, k) => Math.cos((2 * Math.PI * k) / SIZE));
  for (let bin = 0; bin < SIZE; bin++) {
    let real = 0;
    let imaginary = 0;
    for (let index = 0; index < filter.length; index++) {
      const angle = (bin * index) % SIZE;
      real += filter[index] * cosines[angle];
      imaginary += filter[index] * cosines[(angle + SIZE / 4) % SIZE];
    }
    output[2 * reversed[bin]] = real / SIZE;
    output[2 * reversed[bin] + 1] = imaginary / SIZE;
  }
}
