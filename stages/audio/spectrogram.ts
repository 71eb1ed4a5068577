import { requireFinite } from './finite.ts';
import { bitReversal, fftTwiddles } from './kernels/fft-tables.ts';
import { kernels, type Allocate, type Kernels } from './kernels/kernels.ts';
import { padInto } from './padding.ts';
import { hannWindow } from './window.ts';

export interface FrameOptions {
  /** Samples of a frame: a power of two. */
  readonly nFft: number;
  /** Samples from frame to frame. */
  readonly hopLength: number;
}

/** The kernels work on groups of four frames. */
const GROUP = 4;

/**
 * Cuts clips into frames as librosa does: centred, with zeros around the clip, under a Hann window. Owns the tables
 * for the power spectra of those frames.
 */
export class Spectrogram {
  readonly bins: number;
  readonly kernels: Kernels;
  /** The plan's place in the kernels' memory. */
  readonly plan: number;
  private readonly nFft: number;
  private readonly hopLength: number;

  constructor({ nFft, hopLength }: FrameOptions) {
    this.nFft = nFft;
    this.hopLength = hopLength;
    this.bins = nFft / 2 + 1;
    this.kernels = kernels();
    this.plan = reservePlan(this.kernels, nFft, hopLength);
  }

  /** Frames of a clip of so many samples. */
  frameCount(samples: number): number {
    return 1 + Math.floor(samples / this.hopLength);
  }

  /**
   * Puts a clip with its zeros into the kernels' memory and gives its place.
   *
   * @throws StageFailure where a sample is NaN or infinite: the kernels would make a number of it.
   */
  pad(samples: Float32Array, place: string, allocate: Allocate): number {
    const length = (this.frameCount(samples.length) + GROUP) * this.hopLength + this.nFft;
    const padded = padInto(this.kernels, samples, this.nFft / 2, length, allocate);
    if (this.kernels.call.all_finite(padded, length) === 0) requireFinite(samples, 'sample', place);
    return padded;
  }

  /** |STFT|², frames × bins, row-major. */
  powers(samples: Float32Array, place: string): Float32Array {
    const { kernels } = this;
    return kernels.within((allocate) => {
      const frames = this.frameCount(samples.length);
      const padded = this.pad(samples, place, allocate);
      const output = allocate(4 * frames * this.bins);
      kernels.call.power_spectra(this.plan, padded, frames, output);
      return kernels.floats(output, frames * this.bins).slice();
    });
  }
}

/** A SpectrumPlan of source/spectrum.c. */
function reservePlan(memory: Kernels, nFft: number, hopLength: number): number {
  const half = nFft / 2;
  const split = new Float64Array(2 * half);
  for (let k = 0; k < half; k++) {
    split[2 * k] = Math.cos((-2 * Math.PI * k) / nFft);
    split[2 * k + 1] = Math.sin((-2 * Math.PI * k) / nFft);
  }
  return memory.reserveIntegers([
    nFft,
    hopLength,
    memory.reserveDoubles(hannWindow(nFft)),
    memory.reserveDoubles(fftTwiddles(half)),
    memory.reserveDoubles(split),
    memory.reserveIntegers(bitReversal(half)),
    memory.reserve(16 * half),
    memory.reserve(16 * half),
    memory.reserve(16 * (half + 1)),
  ]);
}
