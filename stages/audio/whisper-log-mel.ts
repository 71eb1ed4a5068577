import { MixedRadixFft } from './mixed-radix-fft.ts';
import { type MelBank, melBank } from './mel.ts';
import { hannWindow } from './window.ts';

export interface WhisperLogMelOptions {
  /** Hz. */
  readonly sampleRate: number;
  /** Samples of a frame; even. */
  readonly nFft: number;
  /** Samples from frame to frame. */
  readonly hopLength: number;
  readonly bands: number;
}

/** A log-mel spectrogram, `bands` × `frames`, row-major. */
export interface WhisperLogMel {
  readonly frames: number;
  readonly values: Float32Array;
}

const leastPower = 1e-10;
/** In powers of ten: what is quieter than the loudest value by more than this is as quiet as that. */
const range = 8;

/**
 * The log-mel spectrogram that Whisper's encoder reads (Radford et al. 2022; `WhisperFeatureExtractor` of transformers),
 * of a clip as long as it is: centred frames over reflected ends, the last one left out, log10 of the power in each
 * band, cut to a range of 80 dB, and (x + 4) / 4.
 */
export class WhisperLogMelSpectrogram {
  readonly #options: WhisperLogMelOptions;
  readonly #window: Float64Array;
  readonly #bank: MelBank;
  readonly #fft: MixedRadixFft;
  /** e^(-2πik/nFft), which make the spectrum of real samples out of that of their pairs. */
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;

  constructor(options: WhisperLogMelOptions) {
    const { sampleRate, nFft, bands } = options;
    const half = nFft / 2;
    this.#options = options;
    this.#window = hannWindow(nFft);
    this.#bank = melBank({ sampleRate, nFft, bands });
    this.#fft = new MixedRadixFft(half);
    this.#cosines = Float64Array.from({ length: half + 1 }, (_, k) => Math.cos((2 * Math.PI * k) / nFft));
    this.#sines = Float64Array.from({ length: half + 1 }, (_, k) => -Math.sin((2 * Math.PI * k) / nFft));
  }

  /** The spectrogram of a clip of at least two samples. */
  compute(samples: Float32Array): WhisperLogMel {
    const { nFft, hopLength, bands } = this.#options;
    const frames = Math.floor(samples.length / hopLength);
    const half = nFft / 2;
    const [even, odd, real, imaginary] = Array.from({ length: 4 }, () => new Float64Array(half));
    const powers = new Float64Array(half + 1);
    const values = new Float32Array(bands * frames);
    let greatest = -Infinity;
    for (let frame = 0; frame < frames; frame++) {
      const first = frame * hopLength - half;
      const inside = first >= 0 && first + nFft <= samples.length;
      for (let n = 0; n < half; n++) {
        const at = first + 2 * n;
        const here = inside ? samples[at] : samples[reflected(at, samples.length)];
        const next = inside ? samples[at + 1] : samples[reflected(at + 1, samples.length)];
        even[n] = here * this.#window[2 * n];
        odd[n] = next * this.#window[2 * n + 1];
      }
      this.#fft.forward(even, odd, real, imaginary);
      this.#splitInto(powers, real, imaginary);
      for (let band = 0; band < bands; band++) {
        const value = Math.log10(Math.max(leastPower, this.#inBand(band, powers)));
        values[band * frames + frame] = value;
        if (value > greatest) greatest = value;
      }
    }
    for (let at = 0; at < values.length; at++) values[at] = (Math.max(values[at], greatest - range) + 4) / 4;
    return { frames, values };
  }

  /** |X|² of real samples, out of the transform of their even ones plus i times their odd ones. */
  #splitInto(powers: Float64Array, real: Float64Array, imaginary: Float64Array): void {
    const half = real.length;
    for (let k = 0; k <= half; k++) {
      const a = k % half;
      const b = (half - k) % half;
      const evenReal = (real[a] + real[b]) / 2;
      const evenImaginary = (imaginary[a] - imaginary[b]) / 2;
      const oddReal = (imaginary[a] + imaginary[b]) / 2;
      const oddImaginary = (real[b] - real[a]) / 2;
      const x = evenReal + oddReal * this.#cosines[k] - oddImaginary * this.#sines[k];
      const y = evenImaginary + oddReal * this.#sines[k] + oddImaginary * this.#cosines[k];
      powers[k] = x * x + y * y;
    }
  }

  #inBand(band: number, powers: Float64Array): number {
    const { starts, offsets, weights } = this.#bank;
    let sum = 0;
    for (let at = offsets[band], bin = starts[band]; at < offsets[band + 1]; at++, bin++) {
      sum += weights[at] * powers[bin];
    }
    return sum;
  }
}

/** A place beyond an end, mirrored at the first or last sample, as often as it takes. */
function reflected(at: number, length: number): number {
  const period = 2 * (length - 1);
  const within = ((at % period) + period) % period;
  return within < length ? within : period - within;
}
