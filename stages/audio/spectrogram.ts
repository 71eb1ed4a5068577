import { bitReversal, fftTwiddles } from './kernels/fft-tables.ts';
import { kernels, type Kernels } from './kernels/kernels.ts';
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

  /** Floats that `pad` needs for a clip of so many samples. */
  paddedLength(samples: number): number {
    return (this.frameCount(samples) + GROUP) * this.hopLength + this.nFft;
  }

  /** Puts a clip with its zeros into the kernels' memory. */
  pad(samples: Float32Array, pointer: number): void {
    const padded = this.kernels.floats(pointer, this.paddedLength(samples.length));
    const lead = this.nFft / 2;
    padded.fill(0, 0, lead);
    padded.set(samples, lead);
    padded.fill(0, lead + samples.length);
  }

  /** |STFT|², frames × bins, row-major. */
  powers(samples: Float32Array): Float32Array {
    const frames = this.frameCount(samples.length);
    const length = frames * this.bins;
    const [padded, output] = this.kernels.scratch(this.paddedLength(samples.length), length);
    this.pad(samples, padded);
    this.kernels.call.power_spectra(this.plan, padded, frames, output);
    return this.kernels.floats(output, length).slice();
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
    memory.reserveDoubles(Float64Array.from(hannWindow(nFft))),
    memory.reserveDoubles(fftTwiddles(half)),
    memory.reserveDoubles(split),
    memory.reserveIntegers(bitReversal(half)),
    memory.reserve(16 * half),
    memory.reserve(16 * half),
    memory.reserve(16 * (half + 1)),
  ]);
}
