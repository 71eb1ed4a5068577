import { bitReversal, fftTwiddles } from '../kernels/fft-tables.ts';
import { kernels, type Allocate, type Kernels } from '../kernels/kernels.ts';
import { padInto } from '../padding.ts';
import type { Ratio } from './ratio.ts';
import type { FilterStage } from './stage.ts';

/** FFT sizes: powers of four, several times the filter's span. */
const SMALLEST_SIZE = 1024;
const SIZE_PER_SPAN = 3;
/** The kernel filters so many blocks at once. */
const BLOCKS = 8;

/**
 * Filters and resamples by a ratio of small numbers with overlap-save convolution.
 *
 * With x the samples and h the filter, output n is y[n] = Σ h[t] x[(n down + half - t) / up] over the t for which the
 * index is whole. Output stream j has n = j + up i and so t = (j down + half) mod up + up s, which makes
 * y_j[i] = Σ_s g_j[s] x[down i + c_j - s] with c_j = ⌊(j down + half) / up⌋: a sum over the input streams
 * x_r[m] = x[down m + r], each convolved with the taps whose c_j - s leaves the remainder r.
 */
export class FftFilter implements FilterStage {
  private readonly kernels: Kernels;
  private readonly ratio: Ratio;
  private readonly size: number;
  private readonly step: number;
  /** Samples of a stream before the first, which the first output reaches back to. */
  private readonly lead: number;
  private readonly plan: number;

  /** @param taps symmetric, at `up` times the input rate, with unit gain. */
  constructor(ratio: Ratio, taps: Float64Array) {
    const { up, down } = ratio;
    const half = (taps.length - 1) / 2;
    const ahead = Math.floor(Math.floor(((up - 1) * down + half) / up) / down);
    const filters = streamFilters(taps, ratio, ahead);
    const span = Math.max(...filters.map((filter) => filter.length));
    this.kernels = kernels();
    this.ratio = ratio;
    this.size = SMALLEST_SIZE;
    while (this.size < SIZE_PER_SPAN * span) this.size *= 4;
    this.step = this.size - span + 1;
    this.lead = span - 1 - ahead;
    this.plan = this.reservePlan(filters);
  }

  run(samples: Float32Array, output: number, count: number, allocate: Allocate): void {
    const { up, down } = this.ratio;
    const groups = Math.ceil(Math.ceil(count / up) / (BLOCKS * this.step));
    const length = ((groups * BLOCKS - 1) * this.step + this.size) * down;
    const padded = padInto(this.kernels, samples, this.lead * down, length, allocate);
    this.kernels.call.fft_filter(this.plan, padded, output, count);
  }

  /** A FilterPlan of source/resample.c. */
  private reservePlan(filters: readonly Float64Array[]): number {
    const { kernels: memory, size, step } = this;
    const { up, down } = this.ratio;
    return memory.reserveIntegers([
      up,
      down,
      size,
      step,
      memory.reserveFloats(Float32Array.from(fftTwiddles(size))),
      memory.reserveFloats(spectraOf(filters, size)),
      memory.reserve(16 * size * down),
      memory.reserve(16 * size * down),
      memory.reserve(16 * size),
      memory.reserve(16 * size),
    ]);
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

/** The DFTs of filters in the order of the kernel's forward transform, scaled for its inverse. */
function spectraOf(filters: readonly Float64Array[], size: number): Float32Array {
  const reversed = bitReversal(size);
  const cosines = Float64Array.from({ length: size }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const spectra = new Float32Array(2 * size * filters.length);
  filters.forEach((filter, number) => {
    for (let bin = 0; bin < size; bin++) {
      let real = 0;
      let imaginary = 0;
      for (let index = 0; index < filter.length; index++) {
        const angle = (bin * index) % size;
        real += filter[index] * cosines[angle];
        imaginary += filter[index] * cosines[(angle + size / 4) % size];
      }
      const place = 2 * (number * size + reversed[bin]);
      spectra[place] = real / size;
      spectra[place + 1] = imaginary / size;
    }
  });
  return spectra;
}
