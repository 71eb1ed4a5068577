import { PowerSpectrum } from './fft.ts';
import { melBank, type MelBank } from './mel.ts';
import { hannWindow } from './window.ts';

export interface MelSpectrogramOptions {
  /** Hz. */
  readonly sampleRate: number;
  /** Samples of a frame: a power of two. */
  readonly nFft: number;
  /** Samples from frame to frame. */
  readonly hopLength: number;
  /** The number of bands of each bank: one spectrum serves them all. */
  readonly bands: readonly number[];
}

/** One bank's powers: `frames` × `bands`, row-major. */
export interface MelPowers {
  readonly frames: number;
  readonly bands: number;
  readonly powers: Float32Array;
}

/** Mel power spectrograms as `librosa.feature.melspectrogram`: centred frames, zeros around the clip, Hann window. */
export class MelSpectrogram {
  private readonly nFft: number;
  private readonly hopLength: number;
  private readonly banks: readonly MelBank[];
  private readonly window: Float32Array;
  private readonly spectrum: PowerSpectrum;
  private readonly power: Float32Array;

  constructor({ sampleRate, nFft, hopLength, bands }: MelSpectrogramOptions) {
    this.nFft = nFft;
    this.hopLength = hopLength;
    this.banks = bands.map((count) => melBank({ sampleRate, nFft, bands: count }));
    this.window = hannWindow(nFft);
    this.spectrum = new PowerSpectrum(nFft);
    this.power = new Float32Array(this.spectrum.bins);
  }

  /** Frames of a clip of so many samples. */
  frameCount(samples: number): number {
    return 1 + Math.floor(samples / this.hopLength);
  }

  /** The mel powers of a clip for each bank, in the order of `bands`. */
  compute(samples: Float32Array): MelPowers[] {
    const { nFft, hopLength, banks, window, spectrum, power } = this;
    const frames = this.frameCount(samples.length);
    const padded = new Float32Array(samples.length + nFft);
    padded.set(samples, nFft / 2);
    const results = banks.map(({ bands }) => ({ frames, bands, powers: new Float32Array(frames * bands) }));
    for (let frame = 0; frame < frames; frame++) {
      spectrum.compute(padded, frame * hopLength, window, power);
      banks.forEach((bank, index) => {
        applyBank(bank, power, results[index].powers, frame * bank.bands);
      });
    }
    return results;
  }
}

function applyBank(bank: MelBank, power: Float32Array, output: Float32Array, outputOffset: number): void {
  const { bands, starts, offsets, weights } = bank;
  for (let band = 0; band < bands; band++) {
    let bin = starts[band];
    let sum = 0;
    for (let index = offsets[band]; index < offsets[band + 1]; index++) sum += weights[index] * power[bin++];
    output[outputOffset + band] = sum;
  }
}
