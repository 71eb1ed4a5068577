import { ComplexFft } from './complex-fft.ts';
import { forEachFrame, frameCount } from './frames.ts';
import { hannWindow } from './window.ts';

export const STFT_SIZE = 2048;
export const STFT_HOP = 512;
export const STFT_BINS = STFT_SIZE / 2 + 1;

/** A short-time Fourier transform: frames × `STFT_BINS`, row-major. */
export interface Stft {
  readonly frames: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

const fft = new ComplexFft(STFT_SIZE);
const window = hannWindow(STFT_SIZE);
const frameReal = new Float64Array(STFT_SIZE);
const frameImaginary = new Float64Array(STFT_SIZE);

export function emptyStft(frames: number): Stft {
  const length = frames * STFT_BINS;
  return { frames, real: new Float64Array(length), imaginary: new Float64Array(length) };
}

/** `librosa.stft` with its defaults. */
export function stft(samples: Float32Array): Stft {
  const result = emptyStft(frameCount(samples.length, STFT_HOP));
  const options = { frameLength: STFT_SIZE, hopLength: STFT_HOP, padding: 'zeros' } as const;
  forEachFrame(samples, options, (frame, index) => {
    for (let n = 0; n < STFT_SIZE; n++) frameReal[n] = frame[n] * window[n];
    frameImaginary.fill(0);
    fft.forward(frameReal, frameImaginary);
    result.real.set(frameReal.subarray(0, STFT_BINS), index * STFT_BINS);
    result.imaginary.set(frameImaginary.subarray(0, STFT_BINS), index * STFT_BINS);
  });
  return result;
}

/** `librosa.istft` with its defaults: the least-squares signal of `length` samples for a transform. */
export function istft({ frames, real, imaginary }: Stft, length: number): Float32Array {
  const total = (frames - 1) * STFT_HOP + STFT_SIZE;
  const sum = new Float64Array(total);
  const weight = new Float64Array(total);
  for (let frame = 0; frame < frames; frame++) {
    const first = frame * STFT_BINS;
    for (let bin = 0; bin < STFT_BINS; bin++) {
      frameReal[bin] = real[first + bin];
      frameImaginary[bin] = imaginary[first + bin];
    }
    for (let bin = 1; bin < STFT_BINS - 1; bin++) {
      frameReal[STFT_SIZE - bin] = frameReal[bin];
      frameImaginary[STFT_SIZE - bin] = -frameImaginary[bin];
    }
    frameImaginary[0] = 0;
    frameImaginary[STFT_BINS - 1] = 0;
    fft.inverse(frameReal, frameImaginary);
    for (let n = 0; n < STFT_SIZE; n++) {
      sum[frame * STFT_HOP + n] += frameReal[n] * window[n];
      weight[frame * STFT_HOP + n] += window[n] * window[n];
    }
  }
  const lead = STFT_SIZE / 2;
  return Float32Array.from({ length }, (_, n) => {
    const place = n + lead;
    if (place >= total) return 0;
    return weight[place] > 2 ** -126 ? sum[place] / weight[place] : sum[place];
  });
}
